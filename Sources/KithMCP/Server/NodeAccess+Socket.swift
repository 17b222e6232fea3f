import KithAPI
import KithClient

extension NodeAccess {
    /// Access to the daemon that listens at `socket`, as a session that may do less than its owner.
    ///
    /// Nothing happens before the first question, so the daemon may start later, and may come and go.
    public static func socket(_ socket: String) -> NodeAccess {
        NodeAccess { question in
            try await client(socket, question).raw(question.capability, json: question.json, on: question.target)
        } feed: { question, each in
            let client = client(socket, question)
            for try await line in client.rawFeed(question.capability, json: question.json, on: question.target) {
                try await each(line)
            }
        }
    }

    private static func client(_ socket: String, _ question: Question) -> KithClient {
        KithClient(socket: socket, session: AgentSession(client: question.client))
    }
}

extension NodeAccess.Question {
    fileprivate var target: KithClient.Target { peer.map { .peer($0) } ?? .local }
}
