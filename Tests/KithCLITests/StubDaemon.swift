import Foundation
import Glibc
import KithAPI

/// A socket that behaves as a daemon never would: each connection is answered by a script, byte for byte.
final class StubDaemon: Sendable {
    let socket: String
    private let folder: String
    private let listener: Int32

    /// Listens in a new temporary folder.
    init(_ script: @escaping @Sendable (StubConnection) -> Void) throws {
        folder = NSTemporaryDirectory() + "kith-stub-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        socket = folder + "/kith.sock"
        listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(socket.utf8)) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0, listen(listener, 8) == 0 else { throw KithError(.internalError, "no stub: \(errno)") }
        Thread { [listener] in
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                Thread {
                    script(StubConnection(descriptor))
                    close(descriptor)
                }.start()
            }
            // Closed here alone: a late thread must not accept for another stub that got the same number.
            close(listener)
        }.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Answers every request with these bytes and closes.
    static func answering(_ text: String) throws -> StubDaemon {
        try StubDaemon { connection in
            _ = connection.readHead()
            connection.write(text)
        }
    }
}

/// One connection to a stub.
struct StubConnection: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Reads until the head of the request is whole; answers what came, body included.
    func readHead() -> String {
        var all: [UInt8] = []
        while !String(decoding: all, as: UTF8.self).contains("\r\n\r\n"), let piece = read() { all += piece }
        return String(decoding: all, as: UTF8.self)
    }

    /// The next piece; nil when the client is gone.
    func read() -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &piece, piece.count)
        return count > 0 ? Array(piece.prefix(count)) : nil
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes everything; false when the client is gone.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Writes one chunk of a chunked body.
    @discardableResult
    func writeChunk(_ bytes: [UInt8]) -> Bool {
        write(Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + [13, 10])
    }
}

/// A whole answer with a length.
func httpAnswer(status: String = "200 OK", _ body: String) -> String {
    "HTTP/1.1 \(status)\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
}

/// The head of an answer whose length is not known.
let chunkedHead = "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ntransfer-encoding: chunked\r\n\r\n"
