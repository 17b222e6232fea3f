import FoundationEssentials
import KithAPI
import Testing

@testable import KithKeeper

/// Alone, because it reads the memory of the whole process.
struct MemorySerialTests {
    /// Bytes of memory that this process has in use.
    private static func resident() throws -> Int {
        let text = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/statm")), as: UTF8.self)
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
    }

    @Test func `an idle terminal with a full scrollback takes less than two megabytes`() throws {
        var screens: [Screen] = []
        let line = Array((String(repeating: "0123456789", count: 7) + "\u{1b}[32mgreen\u{1b}[m tail\r\n").utf8)
        let before = try Self.resident()
        for _ in 0..<6 {
            let screen = try #require(Screen(.usual))
            for _ in 0..<2100 { _ = screen.feed(line) }
            screens.append(screen)
        }
        let each = (try Self.resident() - before) / screens.count
        #expect(screens.allSatisfy { $0.canvas.scrollback.count == 2000 })
        #expect(each < 2 << 20, "\(each) bytes")
    }
}
