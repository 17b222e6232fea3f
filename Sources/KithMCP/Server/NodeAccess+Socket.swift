import KithAPI
import KithClient

extension NodeAccess {
    /// Access to the daemon that listens at `socket`, as a session that may do less than its owner.
    ///
    /// Nothing happens before the first question, so the daemon may start later, and may come and go.
    ///
    /// - Parameter remedy: what to do where nothing listens, if it is not `kith start`.
    public static func socket(_ socket: String, remedy: String? = nil) -> NodeAccess {
        NodeAccess { question in
            try await explained(remedy) {
                try await client(socket, question).raw(question.capability, json: question.json, on: question.target)
            }
        } feed: { question, each in
            let client = client(socket, question)
            try await explained(remedy) {
                for try await line in client.rawFeed(question.capability, json: question.json, on: question.target) {
                    try await each(line)
                }
            }
        }
    }

    private static func explained<Value>(_ remedy: String?, _ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as KithError where error.code == .daemonNotRunning && remedy != nil {
            throw KithError(error.code, error.message, hint: remedy)
        }
    }

    private static func client(_ socket: String, _ question: Question) -> KithClient {
        KithClient(socket: socket, session: AgentSession(client: question.client))
    }
}

extension NodeAccess.Question {
    fileprivate var target: KithClient.Target { peer.map { .peer($0) } ?? .local }
}
