/// Modes that do more than be on or off, the saved cursor, and the resets.
extension Screen {
    func setMode(_ sequence: ControlSequence) {
        let isOn = sequence.final == UInt8(ascii: "h")
        for number in sequence.numbers.compactMap(\.value) where number == 4 || number == 20 {
            if number == 4 { modes.inserts = isOn } else { modes.feedsNewLine = isOn }
            canvas.control("\u{1b}[\(number)\(isOn ? "h" : "l")")
        }
    }

    func setPrivate(_ number: Int, _ isOn: Bool) {
        switch number {
        case 47, 1047, 1049: isOn ? showAlternate(number) : showMain(number)
        case 1048: isOn ? saveCursor() : restoreCursor()
        case 6, 7, 69:
            modes[number] = isOn
            if number == 69 { sideMargins = 0..<size.columns }
            canvas.control("\u{1b}[?\(number)\(isOn ? "h" : "l")")
        default: modes[number] = isOn
        }
    }

    // MARK: The other screen

    private func showAlternate(_ number: Int) {
        guard !isAlternate else { return }
        if number == 1049 { saveCursor() }
        canvas.showAlternate()
        alternateMode = number
        savedOnAlternate = nil
    }

    private func showMain(_ number: Int) {
        canvas.showMain()
        alternateMode = nil
        savedOnAlternate = nil
        if number == 1049 { restoreCursor() }
    }

    // MARK: The saved cursor

    private var saved: SavedCursor? {
        get { isAlternate ? savedOnAlternate : savedOnMain }
        set { if isAlternate { savedOnAlternate = newValue } else { savedOnMain = newValue } }
    }

    func saveCursor() {
        saved = SavedCursor(position: canvas.cursor, pen: canvas.pen, charsets: charsets, isRelative: modes[6])
    }

    func restoreCursor() {
        let saved = saved ?? SavedCursor()
        canvas.pen = saved.pen
        charsets = saved.charsets
        canvas.control(charsets.bytes)
        setPrivate(6, saved.isRelative)
        move(to: saved.position)
    }

    // MARK: Resets

    /// DECSTR.
    func softReset() {
        keepingCursor {
            canvas.control("\u{1b}[?6l\u{1b}[?69l\u{1b}[r\u{1b}[?7h\u{1b}[4l")
            modes.softReset()
        }
        canvas.pen = .usual
        charsets = Charsets()
        canvas.control(charsets.bytes)
        margins = 0..<size.rows
        sideMargins = 0..<size.columns
        saved = nil
        modes.cursorShape = 0
    }

    /// RIS.
    func reset() {
        setPrivate(1047, false)
        canvas.pen = .usual
        softReset()
        canvas.control("\u{1b}c")
        canvas.clearScrollback()
        modes = Modes()
        tabStops = nil
        savedOnMain = nil
        titles = []
    }
}
