import Foundation
import KithAPI
import KithTestKit
import Synchronization
import Testing

extension Mesh {
    /// Makes an agent known.
    func register(_ agent: String, at node: String, caps: [String] = []) async throws {
        let request = RegisterAgent(agent: AgentName(nearest: agent), capabilities: caps)
        _ = try await ask(request, at: node)
    }

    /// Sends a message and answers its id.
    @discardableResult
    func send(_ body: String, to words: String..., at node: String, ack: AckWish? = nil) async throws -> MessageID {
        try await ask(SendMessage(to: words, body: body, ack: ack), at: node).id
    }

    /// Waits until a delivery of a message is in `state`, for as long as a minute.
    func wait(_ message: MessageID, is state: DeliveryState, at node: String) async throws {
        try await until("\(message) is \(state)", at: node) {
            try await self.ask(GetMessage(message: message), at: node).deliveries.contains { $0.state == state }
        }
    }

    /// Asks again and again until `claim` holds; between two questions it waits for mail that never comes.
    func until(_ what: String, at node: String, _ claim: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        try await register("nobody", at: node)
        while try await !claim() {
            try #require(ContinuousClock.now < end, "not within a minute: \(what)")
            try await pause(0.05, at: node)
        }
    }

    /// Lets real time pass, as a node counts it: waits for mail to an agent that nobody writes to.
    func pause(_ seconds: Double, at node: String) async throws {
        _ = try await ask(WaitForMessage(agent: AgentName(nearest: "nobody"), seconds: seconds), at: node)
    }

    /// Waits for new messages of an agent until there are `count`, without reading them.
    func inbox(_ agent: String = "main", at node: String, count: Int) async throws -> [InboxEntry] {
        var entries: [InboxEntry] = []
        try await until("\(count) messages for \(agent)", at: node) {
            entries = try await self.ask(
                ReadInbox(agent: AgentName(nearest: agent), limit: 1_000, peek: true), at: node
            ).entries
            return entries.count >= count
        }
        return entries
    }

    /// Holds the session of an agent open for the length of `body`.
    func holding<Result: Sendable>(
        _ agent: String, at node: String, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let feed = self[node].client.feed(HoldAgent(agent: AgentName(nearest: agent)))
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            let (began, begin) = AsyncStream.makeStream(of: Void.self)
            group.addTask {
                for try await news in feed where news.kind == .began { begin.yield() }
                return nil
            }
            group.addTask {
                _ = await began.first { true }
                return try await body()
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let result = finished { return result }
            }
            throw CancellationError()
        }
    }
}

/// The error of ours that `body` threw.
func refusal<Value>(_ body: () async throws -> Value) async -> KithError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? KithError
    }
}
