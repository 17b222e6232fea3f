import KithAPI

/// Turns pictures into what must be written for a terminal to show them: only the lines that have changed.
struct ScreenPainter {
    /// The alternate screen, without cursor and without line wrap.
    static let begin = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[m\u{1b}[2J"
    /// The screen as it was before.
    static let end = "\u{1b}[?2026l\u{1b}[m\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l"

    private let colours: Bool
    private var shown: [ScreenLine]?
    private var size: TerminalSize?

    init(colours: Bool) { self.colours = colours }

    /// What is written to go from the last picture to this one; empty where nothing has changed. All of it is one
    /// synchronised update, so that no half of it is seen.
    mutating func draw(_ lines: [ScreenLine], _ size: TerminalSize) -> String {
        let old = size == self.size ? shown : nil
        var text = old == nil ? "\u{1b}[2J" : ""
        for (row, line) in lines.prefix(size.rows).enumerated() where old.map({ $0[row] != line }) ?? true {
            if old == nil, line.pieces.isEmpty { continue }
            text += "\u{1b}[\(row + 1);1H\u{1b}[K" + line.drawing(colours: colours)
        }
        (shown, self.size) = (lines, size)
        return text.isEmpty ? "" : "\u{1b}[?2026h" + text + "\u{1b}[?2026l"
    }

    /// Forgets what the screen shows, so that all of it is drawn again.
    mutating func forget() { shown = nil }
}
