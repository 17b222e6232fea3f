import Foundation
import KithAPI
import KithClient
import Testing

/// Pipes, where the other end is wrong, hostile or gone.
struct KithClientPipeTests {
    @Test func `frames cross in both directions while both bodies are open`() async throws {
        let end = try Frame(.end, json: CommandEnd(jobID: #require(JobID("jaaaaaaaaaaaa")), exitCode: 3, duration: 1))
        let daemon = try StubDaemon { connection in
            var head = connection.readHead()
            connection.write(chunkedHead)
            connection.writeChunk(wire(Frame(.data, Array("out".utf8))))
            while !head.contains("typed"), let piece = connection.read() {
                head += String(decoding: piece, as: UTF8.self)
            }
            connection.writeChunk(
                wire(Frame(.extra, Array(head.contains("application/vnd.kith.frames") ? "framed".utf8 : "odd".utf8))))
            connection.writeChunk(wire(end))
            _ = connection.read()
        }

        let frames = try await KithClient(socket: daemon.socket).pipe(StreamCommand(command: ["x"])) { pipe in
            let first = try await pipe.receive()
            try await pipe.send(Frame(.data, Array("typed".utf8)))
            return [first, try await pipe.receive(), try await pipe.receive(), try await pipe.receive()]
        }

        #expect(frames == [Frame(.data, Array("out".utf8)), Frame(.extra, Array("framed".utf8)), end, nil])
    }

    @Test func `a refusal comes before the pipe opens`() async throws {
        let daemon = try StubDaemon.answering(
            httpAnswer(status: "403 Forbidden", #"{"error":{"code":"denied","message":"No."}}"#))

        let error = await #expect(throws: KithError.self) {
            try await KithClient(socket: daemon.socket).pipe(StreamCommand(command: ["x"])) { _ in }
        }

        #expect(error == KithError(.denied, "No."))
    }

    @Test(arguments: [
        #"{"code":"peer.offline","message":"Gone."}"#, #"{"error":{"code":"peer.offline","message":"Gone."}}"#,
    ])
    func `a failure frame is thrown`(payload: String) async throws {
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            connection.write(chunkedHead)
            connection.writeChunk(wire(Frame(.failure, Array(payload.utf8))))
        }

        let error = await #expect(throws: KithError.self) {
            try await KithClient(socket: daemon.socket).pipe(StreamCommand(command: ["x"])) { try await $0.receive() }
        }

        #expect(error == KithError(.peerOffline, "Gone."))
    }

    @Test(arguments: [[UInt8](), [1, 0, 0, 0, 9, 1, 2], [1, 0]])
    func `a pipe that is cut throws`(rest: [UInt8]) async throws {
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            connection.write(chunkedHead)
            if !rest.isEmpty { connection.writeChunk(rest) }
            connection.write("0\r\n\r\n")
        }

        let error = await #expect(throws: KithError.self) {
            try await KithClient(socket: daemon.socket).pipe(StreamCommand(command: ["x"])) { try await $0.receive() }
        }

        #expect(error?.code == .linkLost)
    }

    @Test(arguments: [[UInt8]([9, 0, 0, 0, 0]), [1, 255, 255, 255, 255]])
    func `a frame that cannot be is a violation`(bytes: [UInt8]) async throws {
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            connection.write(chunkedHead)
            connection.writeChunk(bytes)
            _ = connection.read()
        }

        let error = await #expect(throws: KithError.self) {
            try await KithClient(socket: daemon.socket).pipe(StreamCommand(command: ["x"])) { try await $0.receive() }
        }

        #expect(error?.code == .protocolViolation)
    }

    @Test func `sending waits for a daemon that does not read`() async throws {
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            connection.write(chunkedHead)
            var received = 0
            while received < 16 << 20, let piece = connection.read() { received += piece.count }
            connection.writeChunk(wire(Frame(.data, Array("\(received >= 16 << 20)".utf8))))
            _ = connection.read()
        }

        let frame = try await KithClient(socket: daemon.socket).pipe(StreamCommand(command: ["x"])) { pipe in
            for _ in 0..<32 { try await pipe.send(Frame(.data, [UInt8](repeating: 7, count: 1 << 19))) }
            return try await pipe.receive()
        }

        #expect(frame == Frame(.data, Array("true".utf8)))
    }

    @Test func `sending to a daemon that is gone throws`() async throws {
        let daemon = try StubDaemon { connection in
            _ = connection.readHead()
            connection.write(chunkedHead)
        }

        await #expect(throws: KithError.self) {
            try await KithClient(socket: daemon.socket).pipe(StreamCommand(command: ["x"])) { pipe in
                while true { try await pipe.send(Frame(.data, [UInt8](repeating: 7, count: 1 << 16))) }
            }
        }
    }
}

private func wire(_ frame: Frame) -> [UInt8] { frame.header + frame.payload }
