import Foundation
import Glibc
import KithAPI
import KithClient
import Synchronization
import Testing

/// What a daemon that is wrong, hostile or gone does to its client.
struct KithClientTests {
    private let identity =
        #"{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"studio","time":"2026-11-21T10:00:00Z","version":"0.1.0"}"#

    @Test func `a reply is read`() async throws {
        let daemon = try StubDaemon.answering(httpAnswer(identity))

        let reply = try await KithClient(socket: daemon.socket).call(Ping())

        #expect(reply.name.text == "studio")
    }

    @Test func `raw bytes come as they were sent`() async throws {
        let daemon = try StubDaemon.answering(httpAnswer("{ \"odd\":   1 }"))

        let bytes = try await KithClient(socket: daemon.socket).raw("node.ping", json: Array("{}".utf8))

        #expect(String(decoding: bytes, as: UTF8.self) == "{ \"odd\":   1 }")
    }

    @Test(.timeLimit(.minutes(1))) func `an answer of a mebibyte is whole with its last byte, though the daemon stays`()
        async throws
    {
        let frame = httpAnswer(String(repeating: "x", count: 1_000_000)).utf8.count - 1_000_000
        let body = String(repeating: "x", count: (1 << 20) - frame)
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            connection.write(httpAnswer(body))
            _ = connection.read()
        }

        let bytes = try await KithClient(socket: daemon.socket).raw("node.ping", json: Array("{}".utf8))

        #expect(bytes.count == body.utf8.count)
    }

    @Test(arguments: [
        ("studio", "/v1/peers/studio/node/ping"), ("a/b c", "/v1/peers/a%2Fb%20c/node/ping"),
        ("..", "/v1/peers/%2E%2E/node/ping"), ("[::1]:5484", "/v1/peers/%5B%3A%3A1%5D%3A5484/node/ping"),
        ("192.0.2.7", "/v1/peers/192.0.2.7/node/ping"), ("x\r\nhost: y", "/v1/peers/x%0D%0Ahost%3A%20y/node/ping"),
    ])
    func `a peer's name cannot leave its place in the path`(peer: String, path: String) async throws {
        let (heads, sink) = AsyncStream.makeStream(of: String.self)
        let body = identity
        let daemon = try StubDaemon { connection in
            sink.yield(connection.readHead())
            connection.write(httpAnswer(body))
        }

        _ = try await KithClient(socket: daemon.socket).call(Ping(), on: .peer(peer))

        let head = await heads.first { _ in true }
        #expect(head?.hasPrefix("POST \(path) HTTP/1.1\r\n") == true)
    }

    @Test(arguments: ["", "ping", "node..ping", "node/ping", "node.ping?x", "../peer.list"])
    func `what is not a capability's name is not asked`(name: String) async throws {
        let error = try await failure { try await KithClient(socket: "/nowhere").raw(name, json: []) }

        #expect(error?.code == .capabilityUnknown)
    }

    @Test func `no socket means that the daemon is not running`() async throws {
        let error = try await failure { try await KithClient(socket: "/nonexistent/kith.sock").call(Ping()) }

        #expect(
            error == KithError(.daemonNotRunning, "The daemon is not running.", hint: "Start it with `kith start`."))
    }

    @Test func `a socket that nobody listens at means that the daemon is not running`() async throws {
        let path = try abandonedSocket()
        defer { unlink(path) }

        let error = try await failure { try await KithClient(socket: path).call(Ping()) }

        #expect(error?.code == .daemonNotRunning)
    }

    @Test func `a file in the place of the socket is refused`() async throws {
        let path = NSTemporaryDirectory() + "kith-file-" + UUID().uuidString
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        defer { unlink(path) }

        let error = try await failure { try await KithClient(socket: path).call(Ping()) }

        #expect(error?.code == .denied)
    }

    @Test func `a link in the place of the socket is refused`() async throws {
        let daemon = try StubDaemon.answering(httpAnswer(identity))
        let path = NSTemporaryDirectory() + "kith-link-" + UUID().uuidString
        symlink(daemon.socket, path)
        defer { unlink(path) }

        let error = try await failure { try await KithClient(socket: path).call(Ping()) }

        #expect(error?.code == .denied)
    }

    @Test func `an error in the body is thrown as it is`() async throws {
        let daemon = try StubDaemon.answering(
            httpAnswer(
                status: "404 Not Found", #"{"error":{"code":"not_found","message":"No such key.","hint":"Look."}}"#))

        let error = try await failure { try await KithClient(socket: daemon.socket).call(GetContext(key: "a")) }

        #expect(error == KithError(.notFound, "No such key.", hint: "Look."))
    }

    @Test func `an error of a newer version keeps its words`() async throws {
        let daemon = try StubDaemon.answering(
            httpAnswer(status: "418 Teapot", #"{"error":{"code":"tea.cold","message":"Too cold."}}"#))

        let error = try await failure { try await KithClient(socket: daemon.socket).call(Ping()) }

        #expect(error == KithError(.internalError, "Too cold.", details: ["code": "tea.cold"]))
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\"",
        "HTTP/1.1 200 OK\r\n",
        "",
        "\(chunkedHead)ff\r\n{\"id\":",
    ])
    func `an answer that is cut is no answer`(answer: String) async throws {
        let daemon = try StubDaemon.answering(answer)

        let error = try await failure { try await KithClient(socket: daemon.socket).call(Ping()) }

        #expect(error?.code == .linkLost)
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx",
        "\(chunkedHead)zz\r\n",
    ])
    func `an answer that is not HTTP is a violation`(answer: String) async throws {
        let daemon = try StubDaemon.answering(answer)

        let error = try await failure { try await KithClient(socket: daemon.socket).call(Ping()) }

        #expect(error?.code == .protocolViolation)
    }

    @Test(arguments: [
        "not json", "[]", "{}", #"{"id":1}"#, "{\"a\":1,\"a\":2}", "\u{0}", "{\"id\":\"\u{7f}\"}",
    ])
    func `a reply that does not fit is a violation`(body: String) async throws {
        let daemon = try StubDaemon.answering(httpAnswer(body))

        let error = try await failure { try await KithClient(socket: daemon.socket).call(Ping()) }

        #expect(error?.code == .protocolViolation)
    }

    @Test func `a reply of five thousand levels is a violation`() async throws {
        let daemon = try StubDaemon.answering(httpAnswer(String(repeating: "{\"a\":", count: 5000)))

        let error = try await failure { try await KithClient(socket: daemon.socket).call(Ping()) }

        #expect(error?.code == .protocolViolation)
    }

    @Test func `an endless head is a violation`() async throws {
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nx: ")
            while connection.write([UInt8](repeating: 97, count: 65_536)) {}
        }

        let error = try await failure { try await KithClient(socket: daemon.socket).call(Ping()) }

        #expect(error?.code == .protocolViolation)
    }

    @Test func `an endless reply is refused at the limit`() async throws {
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            connection.write(chunkedHead)
            let piece = [UInt8](repeating: 32, count: 1 << 20)
            while connection.writeChunk(piece) {}
        }

        let error = try await failure { try await KithClient(socket: daemon.socket).raw("node.ping", json: []) }

        #expect(error?.code == .protocolViolation)
    }

    // MARK: - Feeds

    @Test func `a feed brings line after line, the last without a line feed too`() async throws {
        let daemon = try StubDaemon.answering("\(chunkedHead)5\r\n{\"a\":\r\n8\r\n1}\n{\"b\":\r\n2\r\n2}\r\n0\r\n\r\n")

        var lines: [String] = []
        for try await line in KithClient(socket: daemon.socket).rawFeed("audit.follow", json: []) {
            lines.append(String(decoding: line, as: UTF8.self))
        }

        #expect(lines == [#"{"a":1}"#, #"{"b":2}"#])
    }

    @Test func `a failure midway ends a feed by being thrown`() async throws {
        let body = "{\"number\":1}\n" + #"{"error":{"code":"store.damaged","message":"Bad."}}"# + "\n"
        let daemon = try StubDaemon.answering(httpAnswer(body))
        let seen = Mutex(0)

        let error = try await failure {
            for try await _ in KithClient(socket: daemon.socket).rawFeed("audit.follow", json: []) {
                seen.withLock { $0 += 1 }
            }
        }

        #expect(error == KithError(.storeDamaged, "Bad."))
        #expect(seen.withLock { $0 } == 1)
    }

    @Test func `a feed that is cut is a failure`() async throws {
        let daemon = try StubDaemon.answering("\(chunkedHead)9\r\n{\"a\":1}\n\n\r\n")

        let error = try await failure {
            for try await _ in KithClient(socket: daemon.socket).rawFeed("audit.follow", json: []) {}
        }

        #expect(error?.code == .linkLost)
    }

    @Test func `a line without end is refused at the limit`() async throws {
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            connection.write(chunkedHead)
            let piece = [UInt8](repeating: 97, count: 1 << 20)
            while connection.writeChunk(piece) {}
        }

        let error = try await failure {
            for try await _ in KithClient(socket: daemon.socket).rawFeed("audit.follow", json: []) {}
        }

        #expect(error?.code == .protocolViolation)
    }

    @Test func `leaving a feed closes its connection`() async throws {
        let (ends, sink) = AsyncStream.makeStream(of: Bool.self)
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            connection.write(chunkedHead)
            connection.writeChunk(Array("{}\n".utf8))
            sink.yield(connection.read() == nil)
        }

        for try await _ in KithClient(socket: daemon.socket).rawFeed("audit.follow", json: []) { break }

        #expect(await ends.first { _ in true } == true)
    }

    @Test func `what is not read stays with the daemon`() async throws {
        let (counts, sink) = AsyncStream.makeStream(of: Int.self)
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            connection.write(chunkedHead)
            _ = fcntl(connection.descriptor, F_SETFL, O_NONBLOCK)
            let piece = Array((String(repeating: "a", count: 1022) + "\n").utf8)
            var (written, waits) = (0, 0)
            while written < 64 << 20, waits < 20 {
                var wait = pollfd(fd: connection.descriptor, events: Int16(POLLOUT), revents: 0)
                if poll(&wait, 1, 20) == 1 {
                    written += connection.writeChunk(piece) ? piece.count : 0
                } else {
                    waits += 1
                }
            }
            sink.yield(written)
        }

        var lines = KithClient(socket: daemon.socket).rawFeed("audit.follow", json: []).makeAsyncIterator()
        let first = try await lines.next()
        let written = await counts.first { _ in true }

        #expect(first?.count == 1022)
        #expect(try #require(written) < 8 << 20)
        withExtendedLifetime(lines) {}
    }

    // MARK: - Cancelling

    @Test func `cancelling closes the connection`() async throws {
        let (events, sink) = AsyncStream.makeStream(of: String.self)
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            sink.yield("asked")
            while connection.read() != nil {}
            sink.yield("gone")
        }
        var heard = events.makeAsyncIterator()
        let task = Task { try await KithClient(socket: daemon.socket).call(Ping()) }
        #expect(await heard.next() == "asked")

        task.cancel()

        #expect(await heard.next() == "gone")
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    private func failure(_ work: () async throws -> some Any) async throws -> KithError? {
        do {
            _ = try await work()
            return nil
        } catch let error as KithError {
            return error
        }
    }

    private func abandonedSocket() throws -> String {
        let path = NSTemporaryDirectory() + "kith-old-" + UUID().uuidString.prefix(8)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(descriptor)
        return path
    }
}
