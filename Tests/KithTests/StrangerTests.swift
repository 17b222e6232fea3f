import Foundation
import KithAPI
import KithTestKit
import Testing

/// What somebody gets who is not paired: a closed connection, and nothing else.
struct StrangerTests {
    @Test func `a stranger's certificate gets a closed connection`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let stranger = try Stranger.make(in: mesh["laptop"].folder)
            let answer = try await stranger.ask(
                mesh["studio"].relay.port, "GET /v1/node/ping HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            #expect(!answer.contains("HTTP/1.1"))
        }
    }

    @Test func `whoever shows no certificate gets a closed connection`() async throws {
        try await withMesh(["studio"], paired: false) { mesh in
            let answer = try await Stranger.none.ask(
                mesh["studio"].relay.port, "GET /v1/node/ping HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            #expect(!answer.contains("HTTP/1.1"))
        }
    }

    @Test func `plain HTTP gets no answer at the peer door`() async throws {
        try await withMesh(["studio"], paired: false) { mesh in
            let answer = try await Shell.run(
                "exec 3<>/dev/tcp/127.0.0.1/\(mesh["studio"].relay.port); printf 'GET / HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n' >&3; timeout 10 cat <&3"
            )
            #expect(!answer.contains("HTTP/1.1"))
        }
    }

    @Test func `without an invitation nobody gets to the pairing protocol`() async throws {
        try await withMesh(["studio"], paired: false) { mesh in
            let stranger = try Stranger.make(in: mesh["studio"].folder)
            let answer = try await stranger.ask(mesh["studio"].relay.port, "x", protocol: "kith-pair/1")
            #expect(answer.contains("alert") || answer.contains("errno") || !answer.contains("BEGIN SSL SESSION"))
        }
    }

    @Test func `a crowd of silent connections is turned away, and leaves nothing behind`() async throws {
        try await withMesh(["studio"], paired: false) { mesh in
            let port = try #require(try await mesh.ask(GetStatus(), at: "studio").listening.first).port
            let closed = try await Shell.run(
                """
                python3 -c '
                import socket
                crowd = [socket.create_connection(("127.0.0.1", \(port))) for _ in range(40)]
                for one in crowd: one.settimeout(60)
                print(sum(1 for one in crowd if one.recv(1) == b""))'
                """.replacingOccurrences(of: "                ", with: ""))
            #expect(closed == "40\n")
        }
    }

    @Test func `a session that was resumed after unpairing is refused`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let laptop = Stranger(ownerOf: mesh["laptop"].kithHome)
            let ticket = mesh["laptop"].folder.appendingPathComponent("ticket").path
            let ping = "GET /v1/node/ping HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
            let before = try await laptop.ask(mesh["studio"].relay.port, ping, options: "-sess_out \(ticket)")
            #expect(before.contains("HTTP/1.1 200"))

            _ = try await mesh.ask(RemovePeer(peer: "laptop"), at: "studio")

            let after = try await laptop.ask(mesh["studio"].relay.port, ping, options: "-sess_in \(ticket)")
            #expect(!after.contains("HTTP/1.1"))
        }
    }
}

/// A client of the system's OpenSSL, with or without a key.
struct Stranger {
    private let arguments: String

    /// Somebody without a certificate.
    static var none: Stranger { Stranger(arguments: "") }

    private init(arguments: String) { self.arguments = arguments }

    /// Somebody with the key of a node, as a thief of its files would be.
    init(ownerOf folder: URL) {
        arguments = "-key \(folder.path)/identity/key.pem -cert \(folder.path)/identity/certificate.pem"
    }

    /// Somebody with a sound certificate of their own.
    static func make(in folder: URL) throws -> Stranger {
        let key = folder.appendingPathComponent("stranger.key").path
        let certificate = folder.appendingPathComponent("stranger.crt").path
        let isMade = Command([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
            "/CN=studio", "-keyout", key, "-out", certificate, "-days", "30",
        ]).succeeds
        try #require(isMade)
        return Stranger(arguments: "-key \(key) -cert \(certificate)")
    }

    /// Says `text` over TLS and returns everything that came back, diagnostics included.
    func ask(_ port: Int, _ text: String, protocol alpn: String = "http/1.1", options: String = "") async throws
        -> String
    {
        let escaped = text.replacingOccurrences(of: "\r\n", with: "\\r\\n")
        return try await Shell.run(
            "(printf '\(escaped)'; sleep 2) | timeout 20 openssl s_client -connect 127.0.0.1:\(port) -alpn \(alpn) \(arguments) \(options) -ign_eof 2>&1"
        )
    }
}

/// Runs a line of bash; answers all that it wrote.
enum Shell {
    static func run(_ line: String) async throws -> String {
        try await Command(["bash", "-c", "{ \(line)\n} 2>&1"]).run().output
    }
}
