import Glibc
import KithAPI
import Testing

@testable import KithKeeper

@Suite struct IncomingFramesTests {
    private static let frames = [
        Frame(.event, Array("{}".utf8)), Frame(.data, [UInt8](repeating: 1, count: 70_000)), Frame(.extra, [2]),
        Frame(.data, [3, 3]), Frame(.event, Array("{}".utf8)), Frame(.data, [UInt8](repeating: 4, count: 9_000)),
        Frame(.end, Array("{}".utf8)),
    ]

    /// What comes of all frames when they are sent in pieces of `size` bytes; output together if `joins`.
    private func heard(inPiecesOf size: Int, joins: Bool) throws -> [Frame] {
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        var rest = Self.frames.flatMap { $0.header + $0.payload }[...]
        var incoming = IncomingFrames()
        var decoder = FrameDecoder()
        while !rest.isEmpty {
            rest = rest.dropFirst(write(ends[0], Array(rest.prefix(size)), min(size, rest.count)))
            while incoming.fill(from: ends[1]) == .bytes {
                while let bytes = try next(&incoming, joins: joins) { decoder.push(bytes) }
            }
        }
        var frames: [Frame] = []
        while let frame = try decoder.next() { frames.append(frame) }
        return frames
    }

    private func next(_ incoming: inout IncomingFrames, joins: Bool) throws -> [UInt8]? {
        if joins, let output = try incoming.nextOutput() { return output.frames }
        return try incoming.next().map { $0.header + $0.payload }
    }

    @Test(arguments: [1, 5, 7, 1000, 4096, 70_001, 200_000], [false, true])
    func `frames come whole and in order, whatever the pieces`(size: Int, joins: Bool) throws {
        #expect(try heard(inPiecesOf: size, joins: joins) == Self.frames)
    }
}
