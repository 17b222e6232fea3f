import ArgumentParser
import KithAPI
import KithClient

/// A task as people name it: its id, or so much of its beginning that only one begins so, of the tasks of a node and of
/// those of others that it has shown or claimed.
struct TaskWord: ExpressibleByArgument, Equatable {
    let text: String

    init(argument: String) {
        text = argument.lowercased()
    }

    /// The task that is meant, as `target` knows it.
    ///
    /// - Throws: ``KithError`` `not_found`, or `conflict` where several begin like this.
    func find(_ client: KithClient, on target: KithClient.Target = .local) async throws -> TaskID {
        if let id = TaskID(text) { return id }
        let beginning = Beginning(
            text: text, noun: "task",
            list: "See `kith task list --all`; of a peer's task that was never shown here, give the whole id.")
        let candidates = try await client.call(FindTasks(beginning: text), on: target).entries
        let found = try beginning.only(of: candidates.map { Beginning.Candidate(id: $0.id.text, about: $0.title) })
        guard let id = TaskID(found) else { throw KithError(.internalError, "A task has an odd id.") }
        return id
    }
}
