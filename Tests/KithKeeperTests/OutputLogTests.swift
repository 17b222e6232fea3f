import FoundationEssentials
import Glibc
import KithAPI
import Testing

@testable import KithKeeper

@Suite struct OutputLogTests {
    /// A head and a tail of two files each, of four frames.
    private static let limits: KeeperLimits = {
        var limits = KeeperLimits()
        (limits.segment, limits.head, limits.tail) = (4 * 1005, 2 * 4 * 1005, 2 * 4 * 1005)
        return limits
    }()

    private static func frame(_ number: Int) -> Frame {
        Frame(.data, [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 1000))
    }

    /// Appends so many frames of 1,000 bytes.
    private func append(_ numbers: Range<Int>, to log: OutputLog) {
        for frame in numbers.map(Self.frame) {
            _ = (frame.header + frame.payload).withUnsafeBytes { log.append($0, payload: frame.payload.count) }
        }
    }

    /// The first byte of each frame that a keeper after this one finds, segment by segment.
    private func found(in folder: String) -> [[UInt8]] {
        OutputLog(reading: folder, names: names(in: folder), cursor: nil, limits: Self.limits).segments.map { segment in
            stride(from: segment.start, to: segment.end, by: 1000).map { segment.piece(at: $0)?.rest[5] ?? 0xEE }
        }
    }

    private func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    private func numbers(of folder: String) -> Set<UInt> {
        Set(
            names(in: folder).map { name in
                var facts = stat()
                _ = stat("\(folder)/\(name)", &facts)
                return UInt(facts.st_ino)
            })
    }

    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kith-log-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func `a long log goes on in the files that it has`() throws {
        try inFolder { folder in
            let log = OutputLog(folder: folder, limits: Self.limits)
            append(0..<20, to: log)
            let before = numbers(of: folder)
            append(20..<82, to: log)
            #expect(before == numbers(of: folder))
            #expect(found(in: folder) == [[0, 1, 2, 3], [4, 5, 6, 7], [76, 77, 78, 79], [80, 81]])
            log.seal()
            #expect(found(in: folder) == [[0, 1, 2, 3], [4, 5, 6, 7], [76, 77, 78, 79], [80, 81]])
        }
    }

    @Test func `a sealed file holds nothing of the one before`() throws {
        try inFolder { folder in
            let log = OutputLog(folder: folder, limits: Self.limits)
            append(0..<81, to: log)
            log.seal()
            let last = try #require(names(in: folder).last)
            #expect(try Data(contentsOf: URL(filePath: "\(folder)/\(last)")).count == 1005)
        }
    }

    @Test func `a write that a sudden end cut short is not there`() throws {
        try inFolder { folder in
            let log = OutputLog(folder: folder, limits: Self.limits)
            append(0..<81, to: log)
            let file = open("\(folder)/\(try #require(names(in: folder).last))", O_WRONLY)
            let frame = Self.frame(81)
            pwrite(file, Array((frame.header + frame.payload)[1...]), 1004, 1006)
            close(file)
            #expect(found(in: folder).last == [80])
        }
    }

    @Test func `a file that somebody reads is left to him`() throws {
        try inFolder { folder in
            let log = OutputLog(folder: folder, limits: Self.limits)
            append(0..<16, to: log)
            let segment = try #require(log.segment(from: 8_000))
            let file = try #require(segment.open())
            append(16..<82, to: log)
            var bytes = [UInt8](repeating: 0, count: 4020)
            #expect(pread(file, &bytes, 4020, 0) == 4020)
            #expect(bytes == (8..<12).map(Self.frame).flatMap { $0.header + $0.payload })
            segment.close(file)
        }
    }
}
