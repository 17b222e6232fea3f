import KithAPI

/// Reads one HTTP/1.1 response off a stream of bytes, in whatever pieces it comes. Pure.
struct ResponseReader {
    /// The most bytes of the head, and of a line between two chunks.
    static let maximumHead = 64 << 10

    /// What comes next.
    enum Part: Equatable {
        case status(Int)
        case body(ArraySlice<UInt8>)
        case end
    }

    private enum Place {
        case head
        /// So many bytes are missing of a body, or of a chunk.
        case body(Int, isChunk: Bool)
        case chunkSize
        case chunkEnd
        case trailers
        case ended
    }

    private var place = Place.head
    private var input: ArraySlice<UInt8> = []

    /// Takes the next piece of the stream.
    mutating func push(_ bytes: [UInt8]) { input = input.isEmpty ? bytes[...] : input + bytes }

    /// The next part; nil until more arrives.
    ///
    /// - Throws: ``KithError`` `protocol` for what is not HTTP as agreed.
    mutating func next() throws(KithError) -> Part? {
        while true {
            switch place {
            case .head:
                guard let text = try upTo(Array("\r\n\r\n".utf8)) else { return nil }
                let status = try begin(text)
                if status >= 200 { return .status(status) }
            case .body(let missing, let isChunk):
                guard missing > 0 else {
                    place = isChunk ? .chunkEnd : .ended
                    continue
                }
                guard !input.isEmpty else { return nil }
                let piece = input.prefix(missing)
                input = input.dropFirst(piece.count)
                place = .body(missing - piece.count, isChunk: isChunk)
                return .body(piece)
            case .chunkSize:
                guard let line = try upTo(Self.lineEnd) else { return nil }
                let size = try Self.size(line)
                place = size == 0 ? .trailers : .body(size, isChunk: true)
            case .chunkEnd:
                guard let line = try upTo(Self.lineEnd) else { return nil }
                guard line.isEmpty else { throw Self.violation("a chunk is longer than it says") }
                place = .chunkSize
            case .trailers:
                guard let line = try upTo(Self.lineEnd) else { return nil }
                if line.isEmpty { place = .ended }
            case .ended: return .end
            }
        }
    }

    private static let lineEnd = Array("\r\n".utf8)

    /// What stands before `mark`, which goes with it.
    private mutating func upTo(_ mark: [UInt8]) throws(KithError) -> ArraySlice<UInt8>? {
        guard let end = input.indices.first(where: { input[$0...].starts(with: mark) }) else {
            guard input.count <= Self.maximumHead else { throw Self.violation("its head is too long") }
            return nil
        }
        defer { input = input[(end + mark.count)...] }
        return input[..<end]
    }

    /// Reads the head; answers the status.
    private mutating func begin(_ bytes: ArraySlice<UInt8>) throws(KithError) -> Int {
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)[
            ...]
        let words = (lines.popFirst() ?? "").split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] == "HTTP/1.1", words[1].utf8.count == 3, let status = Int(words[1]) else {
            throw Self.violation("it does not begin as HTTP/1.1")
        }
        guard status >= 200 else { return status }
        var length: Int?
        var isChunked = false
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { throw Self.violation("a field has no name") }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            switch line[..<colon].lowercased() {
            case "content-length":
                guard length == nil, let number = Self.number(value) else { throw Self.violation("its length is odd") }
                length = number
            case "transfer-encoding":
                guard value.lowercased() == "chunked" else { throw Self.violation("its encoding is unknown") }
                isChunked = true
            default: break
            }
        }
        guard isChunked != (length != nil) else { throw Self.violation("it has no length, or two") }
        place = isChunked ? .chunkSize : .body(length ?? 0, isChunk: false)
        return status
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    private static func size(_ line: ArraySlice<UInt8>) throws(KithError) -> Int {
        let digits = String(decoding: line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 }, as: UTF8.self)
        guard digits.utf8.count <= 8, digits.first != "+", digits.first != "-", let size = Int(digits, radix: 16) else {
            throw violation("the size of a chunk is odd")
        }
        return size
    }

    private static func violation(_ what: String) -> KithError {
        KithError(
            .protocolViolation, "The daemon's answer is not HTTP as agreed: \(what).", hint: "See `kith logs --daemon`."
        )
    }
}
