import ArgumentParser
import KithAPI
import KithClient

/// A message as people name it: its id, or so much of its beginning that only one begins so.
struct MessageWord: ExpressibleByArgument, Equatable {
    /// Where a message is looked for first, because the command is about what waits there.
    enum Box: Equatable {
        /// All messages of this node, sent and received.
        case all
        /// What waits for an agent, the default agent if nil.
        case inbox(AgentName?)
        /// What is held back.
        case held
    }

    let text: String

    init(argument: String) {
        text = argument.lowercased()
    }

    /// The message that is meant.
    ///
    /// - Throws: ``KithError`` `not_found`, or `conflict` where several begin like this.
    func find(_ client: KithClient, in box: Box = .all) async throws -> MessageID {
        if let id = MessageID(text) { return id }
        let beginning =
            box == .held
            ? Beginning(text: text, noun: "held message", list: "`kith message inbox --held` shows what is held.")
            : Beginning(text: text, noun: "message", list: "`kith message list` shows what is there.")
        let found = try beginning.only(of: try await candidates(client, box))
        guard let id = MessageID(found) else { throw KithError(.internalError, "A message has an odd id.") }
        return id
    }

    private func candidates(_ client: KithClient, _ box: Box) async throws -> [Beginning.Candidate] {
        let waiting = try await waiting(client, box).filter { $0.id.hasPrefix(text) }
        guard waiting.isEmpty, box != .held else { return waiting }
        return try await client.call(ListMessages(beginning: text, limit: 20)).entries.map {
            Beginning.Candidate(id: $0.id.text, about: "\($0.from): \($0.about)")
        }
    }

    private func waiting(_ client: KithClient, _ box: Box) async throws -> [Beginning.Candidate] {
        let request: ReadInbox
        switch box {
        case .all: return []
        case .inbox(let agent): request = ReadInbox(agent: agent, limit: 1_000, peek: true)
        case .held: request = ReadInbox(limit: 1_000, held: true)
        }
        return try await client.call(request).entries.map(\.message).map {
            Beginning.Candidate(id: $0.id.text, about: "\($0.from): \($0.subject ?? $0.body)")
        }
    }
}

extension [MessageWord] {
    /// The messages that are meant, in this order.
    func find(_ client: KithClient, in box: MessageWord.Box) async throws -> [MessageID] {
        var found: [MessageID] = []
        for word in self { found.append(try await word.find(client, in: box)) }
        return found
    }
}
