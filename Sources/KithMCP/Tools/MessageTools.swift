import KithAPI

extension ToolTable {
    static let messages: [Tool] = [
        .asking(
            SendMessage.self,
            Tool.Card(
                name: "kith_send_message", title: "Send a message",
                description: """
                    Write to coding agents here or on other machines. `to` takes names (`reviewer@studio`), `@studio` \
                    for the agent that machine answers with, `label:x`, `tag:x` or `all`. Kept and delivered later if \
                    a machine is offline; the answer says who will get it, and kith_message_status how far it came. \
                    Example: {"to": ["@studio"], "body": "main is green again"}.
                    """),
            Tool.Hints(isReadOnly: false, isDestructive: false, isIdempotent: false, isOpenWorld: false),
            only: ["to", "body", "subject", "kind", "thread", "replyTo", "channel", "ack", "agent", "task"],
            words: { reply, _ in
                let lines = reply.deliveries.map {
                    "\($0.to): \($0.state.rawValue)\($0.reason.map { ", \($0)" } ?? "")"
                }
                let lost = reply.unreached.map { "\($0.node) could not be asked: \($0.reason)" }
                return (["Message \(reply.id)."] + lines + lost).joined(separator: "\n")
            }),
        InboxReading.tool,
        .asking(
            AckMessages.self,
            Tool.Card(
                name: "kith_ack_message", title: "Acknowledge messages",
                description: """
                    Say that messages have been dealt with; their senders see it, and they do not come again. \
                    Example: {"messages": ["0190f2c4-…"]}.
                    """),
            .stores, words: { reply, _ in "\(reply.changed) acknowledged." }),
        MessageReading.tool,
    ]
}
