import FoundationEssentials
import KithAPI
import KithClient

/// Messages as people read them. What others wrote is escaped.
enum MessageView {
    /// What was sent, to whom, and whom it could not be asked for.
    static func sent(_ reply: SendMessage.Reply, at now: Date, width: Int? = nil) -> String {
        var lines = [reply.isRepeat ? "\(reply.id) was sent before." : "\(reply.id) is sent."]
        if reply.deliveries.count > 20 {
            lines.append("It goes to \(reply.deliveries.count) agents.")
        } else {
            lines.append(deliveries(reply.deliveries, at: now, width: width))
        }
        lines += reply.unreached.map { "\($0.node.escaped) could not be asked: \($0.reason.escaped)" }
        return lines.joined(separator: "\n")
    }

    /// How far each delivery is.
    static func deliveries(_ deliveries: [Delivery], at now: Date, width: Int? = nil) -> String {
        var table = Table("TO", "STATE", "SINCE", "WHY", cutting: ["WHY"])
        for one in deliveries {
            table.add(one.to, one.state.rawValue, Measure.moment(one.at, at: now), one.reason ?? "")
        }
        return deliveries.isEmpty ? "Nobody." : table.text(within: width)
    }

    /// The messages of an inbox, one after the other.
    static func inbox(_ entries: [InboxEntry], at now: Date) -> String {
        guard !entries.isEmpty else { return "There is nothing." }
        return entries.map { text($0.message, note: note($0), at: now) }.joined(separator: "\n\n")
    }

    /// A conversation.
    static func thread(_ entries: [MessageRecord], at now: Date) -> String {
        entries.map { entry in
            text(entry.message, note: "", at: now) + "\n"
                + entry.deliveries.map { "  → \($0.to.escaped) \($0.state.rawValue)" }.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    /// So much of an id is its time to the millisecond.
    private static let shortID = 13

    /// All messages, a line each; on a terminal with so much of their ids as tells them apart.
    static func list(_ lines: [MessageLine], at now: Date, width: Int? = nil) -> String {
        var table = Table("MESSAGE", "SENT", "FROM", "TO", "STATE", "ABOUT", cutting: ["ABOUT", "TO", "FROM"])
        let ids = lines.map(\.id.text)
        let length = width == nil ? 36 : Beginning.length(of: ids, atLeast: shortID)
        for line in lines {
            table.add(
                String(line.id.text.prefix(length)), Measure.moment(line.sentAt, at: now), line.from,
                line.to.joined(separator: ", "),
                states(line.states), line.about)
        }
        return lines.isEmpty ? "There is nothing." : table.text(within: width)
    }

    /// `acked`, or `2 stored, 1 acked` where there are several.
    private static func states(_ counts: [String: Int]) -> String {
        if let only = counts.first, counts.count == 1, only.value == 1 { return only.key }
        return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    /// The rules about what comes in.
    static func rules(_ rules: [MessagePolicy]) -> String {
        var table = Table("FROM", "TO", "VERDICT", "PER MINUTE")
        for rule in rules {
            table.add(
                rule.peer ?? "any", rule.agent?.text ?? "any", rule.verdict.rawValue,
                rule.perMinute.map { $0 == 0 ? "no limit" : String($0) } ?? "")
        }
        return rules.isEmpty ? "There are no rules: everything comes in, 120 a minute from each peer." : table.text
    }

    private static func note(_ entry: InboxEntry) -> String {
        var words: [String] = []
        if entry.isRepeat { words.append("seen before") }
        if entry.message.ack == .need { words.append("needs an answer") }
        if entry.state == .held { words.append("held, for \(entry.agent)") }
        return words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
    }

    private static func text(_ message: Message, note: String, at now: Date) -> String {
        let subject = message.subject.map { ": \($0.escaped)" } ?? ""
        let time = Measure.moment(message.sentAt, at: now)
        let head = "\(message.id)  \(message.from.escaped)  \(time)  \(message.kind.rawValue)"
        let body = message.body.escapedLines.split(separator: "\n", omittingEmptySubsequences: false)
        return "\(head)\(note)\(subject)\n" + body.map { "  \($0)" }.joined(separator: "\n")
    }
}

extension Session {
    /// What was printed has been read: from now on it counts as surfaced.
    func markRead(_ entries: [InboxEntry], of agent: AgentName?) async throws {
        let unread = entries.filter { $0.state == .stored }.map(\.message.id)
        for start in stride(from: 0, to: unread.count, by: 1_000) {
            let part = Array(unread[start..<min(start + 1_000, unread.count)])
            _ = try await client.call(SeeMessages(messages: part, agent: agent))
        }
    }
}
