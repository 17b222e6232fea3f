import Glibc
import KithAPI

/// Room for one read of a process' output, in which the bytes stand as frames at once: they go from here to
/// the followers and to the disk without being copied together.
final class WireBuffer {
    /// Bytes of one frame.
    static let pieceSize = 64 << 10
    private static let pieces = 4
    private static let stride = pieceSize + Frame.headerSize

    /// What a read found.
    enum Found: Sendable, Equatable {
        /// ``payload`` bytes.
        case bytes
        /// Nothing, for now.
        case nothing
        /// All writers have closed it.
        case end
    }

    private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: stride * pieces, alignment: 16)
    /// Bytes that the last read brought.
    private(set) var payload = 0

    deinit { room.deallocate() }

    /// The frames of the last read.
    var frames: UnsafeRawBufferPointer {
        let count = (payload + Self.pieceSize - 1) / Self.pieceSize
        return UnsafeRawBufferPointer(rebasing: room[..<(payload + count * Frame.headerSize)])
    }

    /// Whether the last read took all that a usual pipe holds.
    var wasFull: Bool { payload >= Self.pieceSize }

    /// Reads at most 256 KiB.
    func read(from descriptor: Int32, as stream: Output.Stream) -> Found {
        payload = 0
        let count = readPieces(descriptor)
        if count < 0, errno == EAGAIN { return .nothing }
        guard count > 0 else { return .end }
        payload = count
        var left = count
        for index in 0..<Self.pieces where left > 0 {
            writeHeader(at: index, stream, min(left, Self.pieceSize))
            left -= Self.pieceSize
        }
        return .bytes
    }

    /// Gives the bytes of the last read, a piece at a time.
    func forEachPiece(_ body: (UnsafeRawBufferPointer) -> Void) {
        for (index, start) in Swift.stride(from: 0, to: payload, by: Self.pieceSize).enumerated() {
            let from = index * Self.stride + Frame.headerSize
            let count = min(Self.pieceSize, payload - start)
            body(UnsafeRawBufferPointer(rebasing: room[from..<from + count]))
        }
    }

    private func readPieces(_ descriptor: Int32) -> Int {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: Self.pieces) { vectors in
            for index in 0..<Self.pieces {
                let start = room.baseAddress.map { $0 + index * Self.stride + Frame.headerSize }
                vectors.initializeElement(at: index, to: iovec(iov_base: start, iov_len: Self.pieceSize))
            }
            while true {
                let count = readv(descriptor, vectors.baseAddress, Int32(Self.pieces))
                if count < 0, errno == EINTR { continue }
                return count
            }
        }
    }

    private func writeHeader(at index: Int, _ stream: Output.Stream, _ length: Int) {
        let start = index * Self.stride
        room[start] = stream.frameKind.rawValue
        for byte in 0..<4 { room[start + 1 + byte] = UInt8(truncatingIfNeeded: length >> (24 - 8 * byte)) }
    }
}

extension Output.Stream {
    /// How its bytes stand in the log and on the wire.
    var frameKind: Frame.Kind { self == .standardOutput ? .data : .extra }

    init?(_ kind: Frame.Kind) {
        switch kind {
        case .data: self = .standardOutput
        case .extra: self = .standardError
        default: return nil
        }
    }
}
