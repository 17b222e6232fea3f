import KithAPI

@testable import KithKeeper

/// All that a screen holds, as one value to compare.
struct Picture: Equatable {
    var grid: Grid
    var hidden: Grid?
    var cursor: Position
    var wrapsNext: Bool
    var pen: Pen
    var modes: Modes
    var charsets: Charsets
    var margins: Range<Int>
    var sideMargins: Range<Int>
    var tabStops: Set<Int>?
    var title: String
    var saved: [SavedCursor?]
    var alternateMode: Int?
    var scrollback: [[UInt8]]

    init(_ screen: Screen) {
        grid = screen.canvas.grid
        hidden = screen.canvas.hidden
        cursor = screen.canvas.cursor
        wrapsNext = screen.canvas.wrapsNext
        pen = screen.canvas.pen
        modes = screen.modes
        charsets = screen.charsets
        margins = screen.margins
        sideMargins = screen.sideMargins
        tabStops = screen.tabStops
        title = screen.title
        saved = [screen.savedOnMain, screen.savedOnAlternate]
        alternateMode = screen.alternateMode
        scrollback = Array(screen.canvas.scrollback.lines)
    }

    /// What two pictures differ in, for people.
    func differences(from other: Picture) -> [String] {
        let fields: [(String, Bool, Any, Any)] = [
            ("cursor", cursor == other.cursor, cursor, other.cursor),
            ("wrapsNext", wrapsNext == other.wrapsNext, wrapsNext, other.wrapsNext),
            ("pen", pen == other.pen, pen, other.pen), ("modes", modes == other.modes, modes, other.modes),
            ("charsets", charsets == other.charsets, charsets, other.charsets),
            ("margins", margins == other.margins, margins, other.margins),
            ("sideMargins", sideMargins == other.sideMargins, sideMargins, other.sideMargins),
            ("tabStops", tabStops == other.tabStops, tabStops ?? [], other.tabStops ?? []),
            ("title", title == other.title, title, other.title), ("saved", saved == other.saved, saved, other.saved),
            ("alternate", alternateMode == other.alternateMode, alternateMode ?? 0, other.alternateMode ?? 0),
            ("scrollback", scrollback == other.scrollback, scrollback.count, other.scrollback.count),
        ]
        return fields.filter { !$0.1 }.map { "\($0.0): \($0.2) | \($0.3)" }
            + Self.rows(grid, other.grid, "grid") + Self.rows(hidden, other.hidden, "hidden")
    }

    private static func rows(_ one: Grid?, _ two: Grid?, _ name: String) -> [String] {
        guard let one, let two else { return one == nil && two == nil ? [] : ["\(name) is missing"] }
        return zip(one.rows, two.rows).enumerated().compactMap { index, pair in
            guard pair.0 != pair.1 else { return nil }
            let column = zip(pair.0.cells, pair.1.cells).enumerated().first { $1.0 != $1.1 }
            return
                "\(name) row \(index): \(column.map { "\($0.offset) \($0.element)" } ?? "\(pair.0.marks) \(pair.1.marks)")"
        }
    }
}

extension Screen {
    /// The text of the screen, a line each, without blanks at the ends.
    var text: [String] {
        canvas.grid.rows.map { row in
            var line = ""
            for (column, cell) in row.cells.enumerated() where cell.width > 0 {
                line.unicodeScalars.append(Unicode.Scalar(cell.glyph == 0 ? 0x20 : cell.glyph) ?? "?")
                for mark in row.marks[column] ?? [] { line.unicodeScalars.append(Unicode.Scalar(mark) ?? "?") }
            }
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    func feed(_ text: String) { _ = feed(Array(text.utf8)) }
}

extension TerminalSize {
    static let usual = TerminalSize(columns: 80, rows: 24)
}
