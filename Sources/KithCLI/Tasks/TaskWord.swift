import ArgumentParser
import KithAPI
import KithClient

/// A task as people name it: its id, or so much of its beginning that only one task of this node begins with it.
struct TaskWord: ExpressibleByArgument, Equatable {
    /// Pages of tasks that are looked through.
    private static let pages = 20

    let text: String

    init?(argument: String) {
        guard argument.hasPrefix("t") else { return nil }
        text = argument
    }

    /// The task that is meant.
    ///
    /// - Throws: ``KithError`` `not_found`, or `conflict` where several begin like this.
    func find(_ common: GlobalOptions) async throws -> TaskID {
        if let id = TaskID(text) { return id }
        let found = try await all(common.session().client).filter { $0.text.hasPrefix(text) }
        guard let first = found.first else {
            throw KithError(.notFound, "No task here begins with `\(text)`.", hint: "See `kith task list`.")
        }
        guard found.count == 1 else {
            throw KithError(.conflict, "\(found.count) tasks begin with `\(text)`.", hint: "Give more of the id.")
        }
        return first
    }

    private func all(_ client: KithClient) async throws -> [TaskID] {
        var found: [TaskID] = []
        var cursor: String?
        for _ in 0..<Self.pages {
            let page = try await client.call(ListTasks(cursor: cursor, limit: 1_000))
            found += page.entries.map(\.id)
            cursor = page.nextCursor
            guard cursor != nil else { break }
        }
        return found
    }
}
