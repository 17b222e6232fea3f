import Glibc

/// The writing end of a process' standard input, and what waits for room in it.
struct InputPipe {
    /// What became of the waiting bytes.
    enum Progress: Sendable, Equatable {
        /// Nothing waits.
        case written
        /// The pipe is full.
        case full
        /// Nobody reads it any more, or all has been written and the end was wanted.
        case closed
    }

    let descriptor: Int32
    /// Where the loop watches it; only once it has been full.
    var watch: DescriptorLoop.Watch?
    /// Whether it closes when nothing waits.
    var closesWhenWritten = false
    private(set) var waiting = 0
    private var pieces: [[UInt8]] = []
    private var written = 0

    init(descriptor: Int32) { self.descriptor = descriptor }

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        pieces.append(bytes)
        waiting += bytes.count
    }

    /// Writes what the pipe takes.
    mutating func flush() -> Progress {
        while let piece = pieces.first {
            let count = piece[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return errno == EAGAIN ? .full : .closed }
            advance(by: count, of: piece.count)
        }
        return closesWhenWritten ? .closed : .written
    }

    private mutating func advance(by count: Int, of length: Int) {
        waiting -= count
        written += count
        guard written == length else { return }
        pieces.removeFirst()
        written = 0
    }
}
