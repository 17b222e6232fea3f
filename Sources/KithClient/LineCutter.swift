import KithAPI

/// Cuts a stream of bytes into lines of a bounded length. Pure.
struct LineCutter {
    private var buffer: [UInt8] = []
    private var start = 0
    private var searched = 0

    /// Takes the next piece of the stream.
    mutating func push(_ bytes: some Sequence<UInt8>) {
        if start > 0 {
            buffer.removeSubrange(0..<start)
            searched -= start
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole line that is not empty; nil until more arrives.
    mutating func next() throws(KithError) -> [UInt8]? {
        while let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = Array(buffer[start..<end])
            (start, searched) = (end + 1, end + 1)
            if !line.isEmpty { return line }
        }
        searched = buffer.count
        guard buffer.count - start <= KithClient.maximumLine else {
            throw KithError(
                .protocolViolation,
                "The answer has a line of more than \(KithClient.maximumLine >> 20) MiB, which is the limit.")
        }
        return nil
    }

    /// What stands after the last line feed; nil if nothing does.
    func rest() -> [UInt8]? { start < buffer.count ? Array(buffer[start...]) : nil }
}
