/// Bytes that bring any terminal like xterm, of this size and in whatever state, to the state of this screen.
extension Screen {
    /// Everything, the scrollback first, so that the client's own has its lines.
    func restore() -> [UInt8] {
        var bytes = Self.clean
        for line in canvas.scrollback.lines { bytes += line + [0x0D, 0x0A] }
        let main = canvas.hidden ?? canvas.grid
        for (index, row) in main.rows.enumerated() {
            row.write(to: &bytes)
            if index < main.rows.count - 1 { bytes += [0x0D, 0x0A] }
        }
        return bytes + rest
    }

    /// Both screens without the scrollback, in place, as one update.
    func repaint() -> [UInt8] {
        let main = canvas.hidden ?? canvas.grid
        return Self.begin + Self.clean + Self.inPlace(main) + rest + Self.end
    }

    /// What makes a terminal swallow the rest of a long string that is under way, as it will come.
    var openString: [UInt8] {
        switch scanner.passing {
        case nil: []
        case .command: Array("\u{1b}]99999;".utf8)
        default: Array("\u{1b}_".utf8)
        }
    }

    private static let begin = Array("\u{1b}[?2026h".utf8)
    private static let end = Array("\u{1b}[?2026l".utf8)

    /// The main screen, empty, and every mode as it is at first.
    static let clean: [UInt8] = {
        let (on, off) = (Modes.known.filter(\.value).keys.sorted(), Modes.known.filter { !$0.value }.keys.sorted())
        let text =
            "\u{1b}[?1049l\u{1b}[!p" + privately(off, "l") + privately(on, "h")
            + "\u{1b}[4l\u{1b}[20l\u{1b}[>4m\u{1b}[<16u\u{1b}[0 q\u{1b}[r"
        return Array(text.utf8) + Pen.usual.fullBytes + Charsets().bytes + Array("\u{1b}[H\u{1b}[J".utf8)
    }()

    /// All but the main screen's content.
    private var rest: [UInt8] {
        var bytes: [UInt8] = []
        if isAlternate { bytes += alternate }
        if let saved = isAlternate ? savedOnAlternate : savedOnMain { bytes += save(saved) }
        bytes += limits
        bytes += Array("\u{1b}[?6\(modes[6] ? "h" : "l")".utf8) + place + charsets.bytes + modeBytes
        return bytes + canvas.pen.fullBytes + (modes.inserts ? Array("\u{1b}[4h".utf8) : [])
    }

    private static func privately(_ numbers: [Int], _ final: String) -> String {
        "\u{1b}[?" + numbers.map(String.init).joined(separator: ";") + final
    }

    private static func inPlace(_ grid: Grid) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, row) in grid.rows.enumerated() where row.usedColumns > 0 {
            bytes += Array("\u{1b}[\(index + 1)H".utf8)
            row.write(to: &bytes)
        }
        return bytes
    }

    private var alternate: [UInt8] {
        let mode = alternateMode ?? 1049
        var bytes: [UInt8] = []
        if let saved = savedOnMain {
            bytes += save(saved)
            if mode == 1049 { bytes += arrive(saved) }
        }
        return bytes + Array("\u{1b}[?\(mode)h\u{1b}[?6l\u{1b}[<16u".utf8) + Pen.usual.fullBytes
            + Array("\u{1b}[H\u{1b}[J".utf8) + Charsets().bytes
            + Self.inPlace(canvas.grid)
    }

    /// Margins and tab stops.
    private var limits: [UInt8] {
        var text = "\u{1b}[\(margins.lowerBound + 1);\(margins.upperBound)r"
        if modes[69] { text += "\u{1b}[?69h\u{1b}[\(sideMargins.lowerBound + 1);\(sideMargins.upperBound)s" }
        if let stops = tabStops {
            text += "\u{1b}[3g" + stops.sorted().map { "\u{1b}[1;\($0 + 1)H\u{1b}H" }.joined()
        }
        return Array(text.utf8)
    }

    /// The cursor, with the character behind which it waits for the next line.
    private var place: [UInt8] {
        let cursor = canvas.cursor
        let (top, left) = modes[6] ? (margins.lowerBound, modes[69] ? sideMargins.lowerBound : 0) : (0, 0)
        var bytes = Array("\u{1b}[\(cursor.row - top + 1);\(cursor.column - left + 1)H".utf8)
        guard canvas.wrapsNext else { return bytes }
        let row = canvas.grid.rows[cursor.row]
        let cell = row.cells[cursor.column]
        bytes += cell.pen.fullBytes + Charsets().bytes
        Row.append(cell.glyph == 0 ? 0x20 : cell.glyph, to: &bytes)
        for mark in row.marks[cursor.column] ?? [] { Row.append(mark, to: &bytes) }
        return bytes + (cell.glyph == 0 ? Array("\u{1b}[X".utf8) : [])
    }

    private func save(_ saved: SavedCursor) -> [UInt8] { arrive(saved) + [0x1B, 0x37] }

    /// Brings the cursor where `saved` has it, with its pen, sets and origin mode; margins must be off.
    private func arrive(_ saved: SavedCursor) -> [UInt8] {
        let text =
            "\u{1b}[?6\(saved.isRelative ? "h" : "l")"
            + "\u{1b}[\(saved.position.row + 1);\(saved.position.column + 1)H"
        return Array(text.utf8) + saved.pen.fullBytes + saved.charsets.bytes
    }

    private var modeBytes: [UInt8] {
        var text = ""
        for number in modes.changed.sorted() where number != 6 && number != 69 {
            text += "\u{1b}[?\(number)\(modes[number] ? "h" : "l")"
        }
        if modes.feedsNewLine { text += "\u{1b}[20h" }
        if modes.cursorShape > 0 { text += "\u{1b}[\(modes.cursorShape) q" }
        if modes.otherKeys > 0 { text += "\u{1b}[>4;\(modes.otherKeys)m" }
        for flags in modes.keyboard { text += "\u{1b}[>\(flags)u" }
        return Array(text.utf8) + (title.isEmpty ? [] : Array("\u{1b}]2;\(title)\u{07}".utf8))
    }
}
