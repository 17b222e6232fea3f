import KithAPI
import Testing

@testable import KithKeeper

struct AudienceTests {
    private static let small = TerminalSize(columns: 40, rows: 10)
    private static let cursorQuestion = Array("\u{1b}[6n".utf8)

    @Test func `the smallest window of those who may type is the terminal's`() throws {
        let audience = try #require(Audience(.usual))
        audience.join(1, size: .usual, isReadOnly: false)
        audience.join(2, size: TerminalSize(columns: 200, rows: 10), isReadOnly: false)
        audience.join(3, size: TerminalSize(columns: 20, rows: 5), isReadOnly: true)
        #expect(audience.size == TerminalSize(columns: 80, rows: 10))
        _ = audience.leave(2)
        #expect(audience.size == .usual)
        _ = audience.leave(1)
        #expect(audience.size == .usual)
    }

    @Test func `a client gets the screen, then what happens`() throws {
        let audience = try #require(Audience(.usual))
        _ = audience.wrote(Array("before".utf8))
        audience.join(1, size: .usual, isReadOnly: false)
        let copy = try #require(Screen(.usual))
        _ = copy.feed(audience.take(1))
        #expect(copy.text[0] == "before")
        _ = audience.wrote(Array(" after".utf8))
        #expect(audience.take(1) == Array(" after".utf8))
        #expect(audience.take(1) == [])
    }

    @Test func `a client that does not follow gets the screen instead, and the others all of it`() throws {
        let audience = try #require(Audience(.usual))
        audience.join(1, size: .usual, isReadOnly: false)
        audience.join(2, size: .usual, isReadOnly: false)
        let copy = try #require(Screen(.usual))
        _ = copy.feed(audience.take(1))
        _ = audience.take(2)
        var followed = 0
        for line in 0..<40_000 {
            _ = audience.wrote(Array("line \(line)\r\n".utf8))
            followed += audience.take(2).count
        }
        let late = audience.take(1)
        #expect(followed > 400_000)
        #expect(late.count < 10_000)
        _ = copy.feed(late)
        #expect(copy.text == audience.screen.text)
    }

    @Test func `the screen answers while nobody can, and just one client otherwise`() throws {
        let audience = try #require(Audience(.usual))
        #expect(audience.wrote(Self.cursorQuestion) == Array("\u{1b}[1;1R".utf8))
        audience.join(1, size: .usual, isReadOnly: true)
        audience.join(2, size: .usual, isReadOnly: false)
        audience.join(3, size: .usual, isReadOnly: false)
        for id in 1...3 { _ = audience.take(id) }
        #expect(audience.wrote(Self.cursorQuestion) == [])
        #expect((1...3).map { audience.take($0) } == [[], Self.cursorQuestion, []])
    }

    @Test func `a question that nobody will see any more is answered by the screen`() throws {
        let audience = try #require(Audience(.usual))
        audience.join(1, size: .usual, isReadOnly: false)
        _ = audience.take(1)
        #expect(audience.wrote(Self.cursorQuestion) == [])
        #expect(audience.leave(1) == Array("\u{1b}[1;1R".utf8))
        audience.join(2, size: .usual, isReadOnly: false)
        _ = audience.take(2)
        _ = audience.wrote(Self.cursorQuestion)
        #expect(audience.wrote(Array(repeating: 0x61, count: Viewer.backlogLimit)) == Array("\u{1b}[1;1R".utf8))
    }

    @Test func `who comes in the middle of a long string does not see its rest`() throws {
        let audience = try #require(Audience(.usual))
        _ = audience.wrote(Array("\u{1b}]52;c;".utf8) + Array(repeating: 0x41, count: 10_000))
        audience.join(1, size: .usual, isReadOnly: false)
        let copy = try #require(Screen(.usual))
        _ = copy.feed(audience.take(1))
        _ = audience.wrote(Array("AAAA\u{7}seen".utf8))
        _ = copy.feed(audience.take(1))
        #expect(copy.text[0] == "seen")
    }

    @Test(arguments: [
        TerminalSize(columns: 100, rows: 40), TerminalSize(columns: 20, rows: 8), TerminalSize(columns: 100, rows: 6),
    ])
    func `a window of another size shows the same lines`(window: TerminalSize) throws {
        let audience = try #require(Audience(Self.small))
        audience.join(1, size: Self.small, isReadOnly: false)
        audience.join(2, size: window, isReadOnly: true)
        let copy = try #require(Screen(window))
        var noise = Noise(seed: 7)
        for _ in 0..<400 {
            _ = audience.wrote(noise.piece())
            _ = copy.feed(audience.take(2))
            let wanted = audience.screen
            let top = max(0, wanted.canvas.cursor.row - copy.canvas.cursor.row)
            let shown = min(window.rows, Self.small.rows - top)
            let cells = wanted.canvas.grid.rows[top..<top + shown].map { $0.cells.prefix(window.columns).map(\.pen) }
            #expect(copy.canvas.grid.rows.prefix(shown).map { $0.cells.prefix(Self.small.columns).map(\.pen) } == cells)
            #expect(copy.canvas.cursor.column == min(wanted.canvas.cursor.column, window.columns - 1))
            #expect(copy.modes[2004] == wanted.modes[2004])
        }
    }
}
