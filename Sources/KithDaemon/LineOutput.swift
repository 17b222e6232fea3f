import Glibc

/// Lines for a log or a person. What cannot be written (the disk is full, nobody reads) is dropped: a line is never
/// worth the end of the program.
enum LineOutput {
    /// Writes `line` and its end to the descriptor.
    static func write(_ line: String, to descriptor: Int32) { write(Array(line.utf8) + [0x0A], to: descriptor) }

    /// Writes whole lines with their ends.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
