import Glibc

/// The reading end of one of a process' output streams.
struct OutputPipe {
    /// Bytes that one read asks for.
    private static let readSize = 32 << 10

    /// What a read found.
    enum Found: Sendable, Equatable {
        /// This many bytes; fewer than were asked for mean that the pipe is empty now.
        case bytes(Int)
        /// Nothing, for now.
        case nothing
        /// All writers have closed it.
        case end
    }

    let stream: Output.Stream
    let watch: DescriptorLoop.Watch
    /// Whether its pipe has been made larger.
    var isWide = false
    /// Whether it is not watched, because the buffer is full.
    var isPaused = false

    /// Reads what is there, up to the limits of `buffer`, and says whether the end was reached.
    func drain(into buffer: inout OutputBuffer) -> Bool {
        while !buffer.isFull(stream) {
            switch read(into: &buffer) {
            case .end: return true
            case .nothing: return false
            case .bytes(let count): if count < Self.readSize { return false }
            }
        }
        return false
    }

    /// Reads what is there now, whatever the buffer holds: at most the size of the pipe.
    func takeRest(into buffer: inout OutputBuffer) {
        var left: Int32 = 0
        guard ioctl(watch.descriptor, UInt(FIONREAD), &left) == 0 else { return }
        while left > 0, case .bytes(let count) = read(into: &buffer) { left -= Int32(count) }
    }

    private func read(into buffer: inout OutputBuffer) -> Found {
        withUnsafeTemporaryAllocation(byteCount: Self.readSize, alignment: 16) { room in
            while true {
                let count = Glibc.read(watch.descriptor, room.baseAddress, room.count)
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN { return .nothing }
                guard count > 0 else { return .end }
                buffer.append(UnsafeRawBufferPointer(rebasing: room[..<count]), to: stream)
                return .bytes(count)
            }
        }
    }
}
