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
            .stores, at: .optionalPeer,
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
            .removes, at: .optionalPeer,
            words: { entry, place in "\(entry.key) is forgotten on \(place.name) (it had version \(entry.version))." }),
        ContextBroadcast.tool,
    ]
}
