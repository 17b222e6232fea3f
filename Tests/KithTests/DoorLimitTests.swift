import Foundation
import KithAPI
import KithTestKit
import Testing

/// What the doors refuse before anybody decodes it.
struct DoorLimitTests {
    @Test func `a request within the limits is answered`() async throws {
        try await withMesh(["studio"], paired: false) { mesh in
            let answer = try await mesh["studio"].say(
                "GET /v1/node/ping HTTP/1.1\\r\\nhost: x\\r\\nconnection: close\\r\\n\\r\\n")
            #expect(answer.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test(arguments: [
        (
            "sixty-five header fields",
            "GET /v1/node/ping HTTP/1.1\\r\\n" + (0..<65).map { "h\($0): x\\r\\n" }.joined() + "\\r\\n"
        ),
        (
            "a header of 9 KiB",
            "GET /v1/node/ping HTTP/1.1\\r\\nh: " + String(repeating: "x", count: 9 << 10) + "\\r\\n\\r\\n"
        ),
        (
            "an address beyond 8 KiB",
            "GET /v1/context/get?key=" + String(repeating: "x", count: 8200) + " HTTP/1.1\\r\\n\\r\\n"
        ),
        ("two lengths", "POST /v1/node/ping HTTP/1.1\\r\\ncontent-length: 2\\r\\ncontent-length: 3\\r\\n\\r\\n{}"),
        (
            "a length and chunks",
            "POST /v1/node/ping HTTP/1.1\\r\\ncontent-length: 2\\r\\ntransfer-encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n"
        ),
        ("no HTTP at all", "hello\\r\\n\\r\\n"),
    ])
    func `malformed or excessive HTTP gets no answer but a refusal`(name: String, request: String) async throws {
        try await withMesh(["studio"], paired: false) { mesh in
            let answer = try await mesh["studio"].say(request)
            #expect(!answer.contains("200 OK"), "\(name)")
            let pong = try await mesh.ask(Ping(), at: "studio")
            #expect(pong.name.text == "studio")
        }
    }

    @Test(arguments: [
        ("an encoding that nobody knows", "transfer-encoding: xchunked\\r\\n\\r\\n"),
        ("a chunk larger than a number", "transfer-encoding: chunked\\r\\n\\r\\nfffffffffffffffff\\r\\n"),
        ("a chunk size of letters", "transfer-encoding: chunked\\r\\n\\r\\nxyz\\r\\n"),
    ])
    func `a malformed body is the fault of who sent it`(name: String, rest: String) async throws {
        try await withMesh(["studio"], paired: false) { mesh in
            let answer = try await mesh["studio"].say("POST /v1/node/ping HTTP/1.1\\r\\nhost: x\\r\\n\(rest)")
            #expect(answer.hasPrefix("HTTP/1.1 400"), "\(name): \(answer)")
        }
    }

    @Test(arguments: [
        ("a key twice", #"POST /v1/context/get {"key":"a","key":"b"}"#, 400),
        ("an unknown field", #"POST /v1/context/get {"key":"a","kez":"b"}"#, 400),
        ("a list", "POST /v1/context/get []", 400),
        ("a wrong type", #"POST /v1/context/get {"key":1}"#, 400),
        ("a writing capability by GET", "GET /v1/context/set?key=a&value=b", 400),
        ("an unknown capability", "POST /v1/context/explode {}", 404),
        ("another path", "GET /index.html", 404),
        ("a pipe asked as a call", #"POST /v1/exec/stream {"command":["true"]}"#, 400),
    ])
    func `a bad question gets a clear error`(name: String, line: String, status: Int) async throws {
        try await withMesh(["studio"], paired: false) { mesh in
            let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
            let body = parts.count > 2 ? parts[2] : ""
            let escaped = body.replacingOccurrences(of: "\"", with: "\\042")
            let answer = try await mesh["studio"].say(
                "\(parts[0]) \(parts[1]) HTTP/1.1\\r\\nhost: x\\r\\nconnection: close\\r\\ncontent-length: \(body.utf8.count)\\r\\n\\r\\n\(escaped)"
            )
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(name): \(answer)")
            #expect(answer.contains(#""error":{"code":"#), "\(name): \(answer)")
        }
    }

    @Test func `a body beyond the limit is refused, and the daemon lives`() async throws {
        try await withMesh(["studio"], paired: false) { mesh in
            let error = await #expect(throws: KithError.self) {
                try await mesh.ask(SetContext(key: "a", value: String(repeating: "x", count: 5 << 20)), at: "studio")
            }
            #expect(error?.code == .requestTooLarge)
            let pong = try await mesh.ask(Ping(), at: "studio")
            #expect(pong.name.text == "studio")
        }
    }
}

extension MeshNode {
    /// Sends raw bytes (with printf's escapes) to its Unix socket, and returns all that comes back.
    func say(_ request: String) async throws -> String {
        let program = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.settimeout(60)
            s.sendall(sys.stdin.buffer.read()); answer = b""
            try:
                while piece := s.recv(65536):
                    answer += piece
                    if b"HTTP/1.1 4" in answer or b"HTTP/1.1 5" in answer: s.settimeout(1)
            except OSError: pass
            sys.stdout.buffer.write(answer)
            """
        return try await Shell.run("printf '\(request)' | python3 -c '\(program)' '\(daemon.socket)'")
    }
}
