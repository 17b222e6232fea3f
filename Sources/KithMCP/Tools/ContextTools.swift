import KithAPI

extension ToolTable {
    static let context: [Tool] = [
        .asking(
            SetContext.self,
            Tool.Card(
                name: "kith_context_set", title: "Store a value",
                description: """
                    Store a small text under a key, here or on another machine, where agents and people can read \
                    it: build states, decisions, notes for the next session. Replaces what was there. At most \
                    1 MiB. With `if_version` it changes only what you have read (0: only if there is none). \
                    Example: {"key": "build/status", "value": "green", "seconds_to_live": 3600}.
                    """),
            .stores, at: .optionalPeer, only: ["key", "value", "secondsToLive", "ifVersion"],
            words: { entry, place in "\(entry.key) is set on \(place.name) (version \(entry.version))." }),
        ContextReading.tool,
        ContextListing.tool,
        .asking(
            DeleteContext.self,
            Tool.Card(
                name: "kith_context_delete", title: "Forget a value",
                description: """
                    Forget one key, here or on another machine. Answers with what it held. With `if_version` only \
                    if nobody has changed it since. Example: {"key": "build/status"}.
                    """),
            .removes, at: .optionalPeer, only: ["key", "ifVersion"],
            words: { entry, place in "\(entry.key) is forgotten on \(place.name) (it had version \(entry.version))." }),
        .asking(
            BroadcastContext.self,
            Tool.Card(
                name: "kith_broadcast_context", title: "Store a value everywhere",
                description: """
                    Store the same text under the same key here and on every paired machine. Says for each whether \
                    it worked; machines that are offline are named and do not get it later. \
                    Example: {"key": "plan", "value": "freeze main until 18:00"}.
                    """),
            .stores, only: ["key", "value", "secondsToLive"],
            words: { reply, _ in
                let lines = reply.outcomes.map {
                    "\($0.peer): \($0.result.rawValue)\($0.reason.map { ", \($0)" } ?? "")"
                }
                return (["\(reply.entry.key) is set here (version \(reply.entry.version))."] + lines)
                    .joined(separator: "\n")
            }),
    ]
}
