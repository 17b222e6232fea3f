import KithAPI
import Testing

@testable import KithKeeper

/// Whatever a program wrote: its screen, restored elsewhere, is the same screen.
struct RestoringTests {
    @Test(arguments: 1...200)
    func `any stream leaves a screen that can be restored`(seed: Int) throws {
        var noise = Noise(seed: UInt64(seed))
        let size = TerminalSize(columns: 2 + noise.number(90), rows: 2 + noise.number(40))
        let screen = try #require(Screen(size))
        for _ in 0..<300 {
            _ = screen.feed(noise.piece())
            if noise.number(60) == 0 {
                screen.resize(TerminalSize(columns: 1 + noise.number(100), rows: 1 + noise.number(50)))
            }
        }
        // Lines that were longer than the window is now take more lines than one.
        try Self.expectSame(screen, "seed \(seed)", withScrollback: false)
    }

    @Test(arguments: 1...20)
    func `a screen is the same after each step of a stream`(seed: Int) throws {
        var noise = Noise(seed: UInt64(1000 + seed))
        let screen = try #require(Screen(TerminalSize(columns: 12, rows: 5)))
        for step in 0..<100 {
            let piece = noise.piece()
            _ = screen.feed(piece)
            try Self.expectSame(screen, "seed \(seed), step \(step), \(piece)")
        }
    }

    /// Restores `screen` into a fresh one and into a dirty one, and compares everything.
    static func expectSame(_ screen: Screen, _ comment: String, withScrollback: Bool = true) throws {
        let fresh = try #require(Screen(screen.size))
        _ = fresh.feed(screen.restore())
        let wanted = Picture(screen)
        var found = Picture(fresh)
        if !withScrollback { found.scrollback = wanted.scrollback }
        #expect(found.differences(from: wanted).isEmpty, "\(comment)")
        let dirty = try #require(Screen(screen.size))
        dirty.feed(
            "\u{1b}[?1049hdirt\u{1b}[2;3r\u{1b}[?6h\u{1b}[4h\u{1b}(0\u{1b}[1;31m\u{1b}[?1000;2004h\u{1b}[>3u\u{1b}[>4;1m"
        )
        _ = dirty.feed(screen.repaint())
        found = Picture(dirty)
        (found.scrollback, found.title) = (wanted.scrollback, wanted.title)
        #expect(found.differences(from: wanted).isEmpty, "repainted: \(comment)")
    }
}
