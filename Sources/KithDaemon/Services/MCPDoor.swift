import Foundation
import KithAPI
import KithMCP
import KithWire
import Logging
import ServiceLifecycle

/// MCP over HTTP on the loopback door. It asks as `kith mcp serve` does: over our own socket, as an agent.
struct MCPDoor {
    /// The file that tells the owner's programs where the door is, and its token; mode 0600.
    static let fileName = "mcp-http.json"

    private struct Notice: Codable {
        var url: String
        var token: String
    }

    let services: [any Service]

    /// A door at `port`.
    ///
    /// - Throws: ``KithError`` where the notice cannot be read or written by us alone.
    init(port: Int, home: Home, logger: Logger) throws {
        let server = HTTPServer(MCPServer(node: .socket(home.folders.socket)))
        let path = home.folders.data + "/" + Self.fileName
        let token = Self.token(at: path)
        let door = LoopbackDoor(
            port: port, token: token, mounts: ["/mcp": { await Self.answer($0, server) }], logger: logger,
            onReady: { port in
                try Self.write(Notice(url: "http://127.0.0.1:\(port)/mcp", token: token), to: path)
                logger.info("serving MCP", metadata: ["address": "127.0.0.1:\(port)"])
            })
        services = [door, Farewell { await server.close() }]
    }

    private static func answer(_ question: LoopbackDoor.Question, _ server: HTTPServer) async
        -> LoopbackDoor.Reply
    {
        let answer = await server.answer(
            HTTPRequest(method: question.method, headers: question.headers, body: question.body))
        switch answer.body {
        case .whole(let bytes): return LoopbackDoor.Reply(status: answer.status, headers: answer.headers, json: bytes)
        case .events(let produce): return LoopbackDoor.Reply(events: { write in try await produce(write) })
        }
    }

    /// The token of the last start, so that clients need not be told anew; else a fresh one.
    private static func token(at path: String) -> String {
        let known = FileManager.default.contents(atPath: path).flatMap {
            try? JSON.decode(Notice.self, from: [UInt8]($0))
        }
        if let known, known.token.utf8.count == 64 { return known.token }
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let word = String(UInt64.random(in: 0...UInt64.max, using: &generator), radix: 16)
            return String(repeating: "0", count: 16 - word.count) + word
        }.joined()
    }

    private static func write(_ notice: Notice, to path: String) throws {
        let temporary = path + ".new"
        try? FileManager.default.removeItem(atPath: temporary)
        let isMade = FileManager.default.createFile(
            atPath: temporary, contents: Data(try JSON.encode(notice)), attributes: [.posixPermissions: 0o600])
        guard isMade, rename(temporary, path) == 0 else {
            throw KithError(.fileIO, "\(path) cannot be written.")
        }
    }
}
