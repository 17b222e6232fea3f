import KithAPI
import Testing

@testable import KithKeeper

struct ScreenTests {
    @Test func `text, colours and moves land where they should`() throws {
        let screen = try #require(Screen(TerminalSize(columns: 20, rows: 4)))
        screen.feed("one\r\n\u{1b}[31mtwo\u{1b}[m\u{1b}[4;3Hlast e\u{301} 日本")
        #expect(screen.text == ["one", "two", "", "  last e\u{301} 日本"])
        #expect(screen.canvas.grid.rows[1].cells[0].pen == Pen(foreground: .indexed(1)))
        #expect(screen.canvas.cursor == Position(row: 3, column: 13))
    }

    @Test func `a sequence cut anywhere means the same`() throws {
        let whole = try #require(Screen(.usual))
        let cut = try #require(Screen(.usual))
        let stream = Array("a\u{1b}[1;38;2;10;20;30m日\u{1b}]2;title\u{1b}\\本\u{1b}(0q\u{1b}(B\u{1b}[?1049hé".utf8)
        _ = whole.feed(stream)
        for byte in stream { _ = cut.feed([byte]) }
        #expect(Picture(cut) == Picture(whole))
    }

    @Test func `each screen keeps a cursor of its own`() throws {
        let screen = try #require(Screen(.usual))
        screen.feed("\u{1b}[5;5H\u{1b}[?1049h\u{1b}[9;9H\u{1b}7\u{1b}[1;1H\u{1b}[?1049l")
        #expect(screen.canvas.cursor == Position(row: 4, column: 4))
    }

    @Test func `what libvterm cannot bear does not reach it`() throws {
        let screen = try #require(Screen(.usual))
        screen.feed(
            "\u{1b}[b\u{1b}[H\u{85}\u{9b}x\u{1b}[99999999999999;1Ha" + String(repeating: "\u{301}", count: 5000))
        #expect(screen.text[0] == "xa" + String(repeating: "\u{301}", count: 5))
    }

    @Test func `lines that scroll off are kept, two thousand of them`() throws {
        let screen = try #require(Screen(.usual))
        for line in 1...3000 { screen.feed("line \(line)\r\n") }
        #expect(screen.canvas.scrollback.count == 2000)
        #expect(screen.canvas.scrollback.lines.first { _ in true } == Array("line 978".utf8))
        #expect(screen.text[0] == "line 2978")
    }

    @Test func `colourful lines are bounded by their bytes`() throws {
        let screen = try #require(Screen(.usual))
        let cell = (0..<80).map { "\u{1b}[38;2;200;201;202;48;2;100;101;\(100 + $0)mx" }.joined()
        for _ in 0..<2100 { screen.feed(cell + "\r\n") }
        let cost = screen.canvas.scrollback.lines.reduce(0) { $0 + $1.count }
        #expect(cost <= Scrollback.byteLimit)
    }

    @Test func `a smaller window keeps the cursor's line, and what goes is kept`() throws {
        let screen = try #require(Screen(TerminalSize(columns: 10, rows: 4)))
        screen.feed("1\r\n2\r\n3\r\n4")
        screen.resize(TerminalSize(columns: 6, rows: 2))
        #expect(screen.text == ["3", "4"])
        #expect(Array(screen.canvas.scrollback.lines) == [Array("1".utf8), Array("2".utf8)])
        #expect(screen.canvas.cursor == Position(row: 1, column: 1))
    }

    @Test func `a string without end passes and leaves nothing on the screen`() throws {
        let screen = try #require(Screen(.usual))
        let image = "\u{1b}]52;c;" + String(repeating: "QUJD", count: 5000)
        let passed = screen.feed(Array((image + "\u{7}after").utf8))
        #expect(screen.text[0] == "after")
        #expect(passed.bytes.count == image.utf8.count + 6)
    }

    @Test func `questions are told apart from the rest`() throws {
        let screen = try #require(Screen(.usual))
        let passage = screen.feed(Array("\u{1b}[1;4Ha\u{1b}[6n\u{1b}[c\u{1b}]11;?\u{7}c\u{1b}[?2004$p\u{1b}[1;5H".utf8))
        #expect(
            passage.questions.map(\.answer) == [
                screen.answer(.cursor(isExtended: false)), screen.answer(.attributes), screen.answer(.colour(11)),
                Array("\u{1b}[?2004;2$y".utf8),
            ])
        #expect(passage.withoutQuestions == Array("\u{1b}[1;4Hac\u{1b}[1;5H".utf8))
    }
}
