import KithAPI
import Synchronization

@testable import KithMCP

/// A node that answers from a table, and remembers what it was asked.
final class StubNode: Sendable {
    private let answers: [String: JSONValue]
    private let heard = Mutex<[NodeAccess.Question]>([])

    /// - Parameter answers: by the name of the capability; what is missing is refused as not running.
    init(_ answers: [String: JSONValue] = [:]) { self.answers = answers }

    var questions: [NodeAccess.Question] { heard.withLock { $0 } }

    var access: NodeAccess {
        NodeAccess { question in
            self.heard.withLock { $0.append(question) }
            guard let answer = self.answers[question.capability] else {
                throw KithError(
                    .daemonNotRunning, "The daemon is not running.", hint: "Start it with `kith start`.")
            }
            return try JSON.encode(answer)
        } feed: { _, _ in
        }
    }

    /// A server that asks this node and marks foreign text with `MARK`.
    func server(confirming confirms: Bool = false) -> MCPServer {
        var options = MCPServer.Options()
        (options.confirms, options.mark) = (confirms, { "MARK" })
        return MCPServer(node: access, options: options)
    }

    /// The answer of the server to one request of the newer era, as JSON.
    func answer(
        _ method: String, _ params: [String: JSONValue] = [:],
        capabilities: JSONValue = .object([:] as [String: JSONValue]),
        confirming: Bool = false
    ) async throws -> JSONValue {
        try JSON.decode(
            JSONValue.self, from: await answering(method, params, capabilities, confirming: confirming).bytes)
    }

    /// The answer of the server to a call of a tool, with what follows it.
    func answering(_ tool: String, _ arguments: [String: JSONValue]) async -> Answer {
        await answering(
            "tools/call", ["name": .string(tool), "arguments": .object(arguments)], .object([:] as [String: JSONValue]),
            confirming: false)
    }

    private func answering(
        _ method: String, _ params: [String: JSONValue], _ capabilities: JSONValue, confirming: Bool
    ) async -> Answer {
        let meta = JSONValue.object([
            MetaKey.protocolVersion: "2026-07-28", MetaKey.clientCapabilities: capabilities,
            MetaKey.clientInfo: .object(["name": "test", "version": "1"]),
        ])
        let request = Request(id: .number(1), method: method, params: params.merging(["_meta": meta]) { $1 })
        guard let client = try? ClientFacts(modern: request) else { return Answer(bytes: []) }
        return await server(confirming: confirming).answer(request, for: client, over: Outlet { _, _ in })
    }

    /// The result of a tool.
    func call(_ tool: String, _ arguments: [String: JSONValue] = [:]) async throws -> JSONValue {
        let answer = try await answer("tools/call", ["name": .string(tool), "arguments": .object(arguments)])
        return answer["result"] ?? .null
    }
}
