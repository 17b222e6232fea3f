import KithAPI
import Testing

@testable import KithClient

struct ResponseReaderTests {
    private func parts(_ text: String, piece size: Int) throws -> [ResponseReader.Part] {
        var reader = ResponseReader()
        var parts: [ResponseReader.Part] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            reader.push(Array(bytes[start..<min(start + size, bytes.count)]))
            while parts.last != .end, let part = try reader.next() { parts.append(part) }
        }
        return parts
    }

    private func text(_ parts: [ResponseReader.Part]) -> String {
        parts.map { part in
            switch part {
            case .status(let status): "\(status) "
            case .body(let bytes): String(decoding: bytes, as: UTF8.self)
            case .end: " end"
            }
        }.joined()
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello end"),
        ("HTTP/1.1 502 Bad Gateway\r\ncontent-length:0\r\n\r\n", "502  end"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", "200 hello end"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: b\r\n\r\n", "200  end"),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx", "200 x end"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel", "200 hel"),
    ])
    func `a response is the same in whatever pieces it comes`(response: String, expected: String) throws {
        for size in [1, 2, 3, 7, 1_000] { #expect(text(try parts(response, piece: size)) == expected, "\(size)") }
    }

    @Test(arguments: [
        "HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\nx",
        "HTTP/1.1 abc OK\r\ncontent-length: 1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffff\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nxy\r\n",
        "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
        String(repeating: "x", count: 70_000),
    ])
    func `what is not HTTP as agreed is a violation`(response: String) {
        let error = #expect(throws: KithError.self) { try parts(response, piece: 100_000) }
        #expect(error?.code == .protocolViolation)
    }
}
