import ArgumentParser
import KithAPI
import KithClient

/// A message as people name it: its id, or so much of its beginning that only one in the inbox begins with it.
struct MessageWord: ExpressibleByArgument, Equatable {
    let text: String

    init?(argument: String) {
        guard !argument.isEmpty, argument.utf8.allSatisfy({ "0123456789abcdef-".utf8.contains($0) }) else { return nil }
        text = argument
    }

    /// The message of the inbox of `agent` that is meant, among the first 1,000.
    ///
    /// - Throws: ``KithError`` `not_found`, or `conflict` where several begin like this.
    func find(_ common: GlobalOptions, of agent: AgentName? = nil) async throws -> MessageID {
        if let id = MessageID(text) { return id }
        let inbox = try await common.session().client.call(ReadInbox(agent: agent, limit: 1_000, peek: true)).entries
        let found = Set(inbox.map(\.message.id)).filter { $0.text.hasPrefix(text) }
        guard let first = found.first else {
            throw KithError(
                .notFound, "No message in the inbox begins with `\(text)`.", hint: "Give the whole id for any other.")
        }
        guard found.count == 1 else {
            throw KithError(.conflict, "\(found.count) messages begin with `\(text)`.", hint: "Give more of the id.")
        }
        return first
    }
}

extension [MessageWord] {
    /// The messages that are meant, in this order.
    func find(_ common: GlobalOptions, of agent: AgentName? = nil) async throws -> [MessageID] {
        var found: [MessageID] = []
        for word in self { found.append(try await word.find(common, of: agent)) }
        return found
    }
}
