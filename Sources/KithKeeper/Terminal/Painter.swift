import KithAPI

/// Draws a screen into a window of another size: the lines that changed since it did so last. Pure.
///
/// What a program writes can be passed on only to a window of the terminal's own size: in any other, lines wrap
/// and scroll elsewhere. A window that is too small shows what stands around the cursor's line.
struct Painter {
    /// Modes that change what the keyboard, the mouse and the cursor do; the others are about drawing.
    private static let passedOn: Set<Int> = [
        1, 5, 9, 12, 25, 66, 1000, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 2004,
    ]

    private var drawn: [UInt64] = []
    private var modes: Modes?
    private var title = ""
    private var top = 0
    private var cursor: Position?

    /// What brings the window from what was drawn last to the screen as it is; empty if that is the same.
    mutating func paint(_ screen: Screen, in size: TerminalSize) -> [UInt8] {
        var bytes: [UInt8] = modes == nil ? Screen.clean : []
        if drawn.count != size.rows { drawn = Array(repeating: 0, count: size.rows) }
        let place = follow(screen.canvas.cursor, in: size, rows: screen.size.rows)
        for line in 0..<size.rows { draw(line, of: screen, in: size, to: &bytes) }
        bytes += changes(of: screen)
        guard !bytes.isEmpty || cursor != place else { return [] }
        cursor = place
        let arrival = "\u{1b}[\(place.row + 1);\(place.column + 1)H"
        return Array("\u{1b}[?2026h".utf8) + bytes + Array("\(arrival)\u{1b}[?2026l".utf8)
    }

    /// Chooses the lines to show; answers where the cursor is among them.
    private mutating func follow(_ place: Position, in size: TerminalSize, rows: Int) -> Position {
        top = max(0, min(top, rows - size.rows))
        if place.row < top { top = place.row }
        if place.row >= top + size.rows { top = place.row - size.rows + 1 }
        return Position(row: place.row - top, column: min(place.column, size.columns - 1))
    }

    private mutating func draw(_ line: Int, of screen: Screen, in size: TerminalSize, to bytes: inout [UInt8]) {
        let index = top + line
        let row = index < screen.size.rows ? screen.canvas.grid.rows[index] : nil
        guard drawn[line] != row?.stamp ?? .max else { return }
        drawn[line] = row?.stamp ?? .max
        bytes += Array("\u{1b}[\(line + 1)H\u{1b}[K".utf8)
        row?.write(to: &bytes, limit: size.columns)
    }

    private mutating func changes(of screen: Screen) -> [UInt8] {
        let old = modes ?? Modes()
        var text = ""
        for number in old.changed.symmetricDifference(screen.modes.changed).intersection(Self.passedOn).sorted() {
            text += "\u{1b}[?\(number)\(screen.modes[number] ? "h" : "l")"
        }
        if old.cursorShape != screen.modes.cursorShape { text += "\u{1b}[\(screen.modes.cursorShape) q" }
        if old.otherKeys != screen.modes.otherKeys { text += "\u{1b}[>4;\(screen.modes.otherKeys)m" }
        if old.keyboard != screen.modes.keyboard {
            text += "\u{1b}[<16u" + screen.modes.keyboard.map { "\u{1b}[>\($0)u" }.joined()
        }
        if title != screen.title { text += "\u{1b}]2;\(screen.title)\u{07}" }
        (modes, title) = (screen.modes, screen.title)
        return Array(text.utf8)
    }
}
