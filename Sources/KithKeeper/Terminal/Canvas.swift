import CVTerm

/// What stands on a terminal's screen and what has left it at the top, drawn by libvterm's state machine into
/// grids of our own.
///
/// Ours, because libvterm's own screen shows only one of its two, keeps nothing of what it cannot draw, and has
/// bugs when it is resized. Not thread-safe: its owner calls from one place. Only whole, known sequences may
/// be written.
final class Canvas {
    /// Screens are at least this large: libvterm cannot put a wide character into one column.
    static let smallest = 2

    private(set) var grid: Grid
    /// The main screen while the alternate one is shown.
    private(set) var hidden: Grid?
    private(set) var scrollback = Scrollback()
    var pen = Pen.usual
    /// The last character that was drawn, for REP.
    private(set) var lastGlyph: UInt32?
    /// Whether the cursor stands behind the last column: the next character begins a new line.
    private(set) var wrapsNext = false

    private var lastPut = Position(row: -1)
    private var lastStamp: UInt64 = 0
    private let terminal: OpaquePointer
    private let state: OpaquePointer
    private let callbacks: UnsafeMutablePointer<VTermStateCallbacks>

    /// An empty screen.
    init?(rows: Int, columns: Int) {
        guard let terminal = vterm_new(Int32(rows), Int32(columns)), let state = vterm_obtain_state(terminal) else {
            return nil
        }
        (self.terminal, self.state) = (terminal, state)
        grid = Grid(rows: rows, columns: columns)
        callbacks = .allocate(capacity: 1)
        callbacks.initialize(to: Self.stateCallbacks)
        vterm_set_utf8(terminal, 1)
        vterm_state_set_callbacks(state, callbacks, Unmanaged.passUnretained(self).toOpaque())
        vterm_output_set_callback(terminal, { _, _, _ in }, nil)
        vterm_state_reset(state, 1)
    }

    deinit {
        vterm_free(terminal)
        callbacks.deallocate()
    }

    /// Where the cursor is.
    var cursor: Position {
        var position = VTermPos()
        vterm_state_get_cursorpos(state, &position)
        return Position(
            row: min(max(0, Int(position.row)), grid.rows.count - 1),
            column: min(max(0, Int(position.col)), grid.columns - 1))
    }

    /// Writes text; `wraps` says whether lines go on by themselves.
    func write(text: ArraySlice<UInt8>, wraps: Bool) {
        for piece in UTF8Text.pieces(text) {
            switch piece {
            case .text(let bytes):
                write(bytes)
                wrapsNext = wraps && cursor == lastPut && isAtEnd(cursor)
            case .mark(let mark): add(mark)
            }
        }
    }

    /// Writes a control or a sequence.
    func control(_ bytes: [UInt8]) {
        let before = cursor
        write(bytes)
        guard wrapsNext, cursor == before else { return wrapsNext = false }
        if !isAtEnd(cursor) { endWaiting() }
    }

    /// Writes a sequence given as text.
    func control(_ text: String) { control(Array(text.utf8)) }

    /// Moves the cursor, from wherever it is; origin mode must be off, or `position` be relative.
    func move(to position: Position) {
        control("\u{1b}[\(position.row + 1);\(position.column + 1)H")
    }

    /// Shows the alternate screen, empty.
    func showAlternate() {
        guard hidden == nil else { return }
        hidden = grid
        grid = Grid(rows: grid.rows.count, columns: grid.columns)
        renew()
    }

    /// Goes back to the main screen; the alternate one is gone.
    func showMain() {
        guard let main = hidden else { return }
        (grid, hidden) = (main, nil)
        renew()
    }

    func clearScrollback() { scrollback.removeAll() }

    /// Changes the size. What does not fit goes: empty rows below the cursor, then rows at the top, into the
    /// scrollback.
    func resize(rows: Int, columns: Int) {
        var place = cursor
        let above = max(0, place.row + 1 - rows)
        if var main = hidden {
            main.resize(rows: rows, columns: columns, above: 0, stamp: stamps(rows))
            hidden = main
        } else {
            for row in grid.rows.prefix(above) { keep(row) }
        }
        grid.resize(rows: rows, columns: columns, above: above, stamp: stamps(rows))
        place.row -= above
        vterm_set_size(terminal, Int32(rows), Int32(columns))
        wrapsNext = false
        move(to: Position(row: min(place.row, rows - 1), column: min(place.column, columns - 1)))
        wrapsNext = false
    }

    /// The wide character behind which the cursor waited is gone: libvterm forgets that when the cursor moves.
    private func endWaiting() {
        wrapsNext = false
        write(Array("\u{8}\u{1b}[C".utf8))
    }

    private func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { room in
            guard let start = room.bindMemory(to: CChar.self).baseAddress else { return }
            _ = vterm_input_write(terminal, start, room.count)
        }
    }

    /// Puts a combining character on the one before the cursor.
    private func add(_ mark: UInt32) {
        let place = cursor
        let column = wrapsNext ? place.column : place.column - 1
        grid.change(place.row, stamp: stamps(1)) { $0.add(mark, at: column) }
    }

    private func isAtEnd(_ position: Position) -> Bool {
        guard grid.rows.indices.contains(position.row) else { return false }
        return position.column + Int(grid.rows[position.row].cells[position.column].width) >= grid.columns
    }

    private func renew() {
        for row in grid.rows.indices { grid.change(row, stamp: stamps(1)) { _ in } }
    }

    /// The first of `count` numbers that nothing had yet.
    private func stamps(_ count: Int) -> UInt64 {
        defer { lastStamp += UInt64(count) }
        return lastStamp + 1
    }

    private func keep(_ row: Row) {
        var bytes: [UInt8] = []
        row.write(to: &bytes)
        scrollback.append(bytes)
    }
}

// MARK: What libvterm says

extension Canvas {
    private static var stateCallbacks: VTermStateCallbacks {
        var callbacks = VTermStateCallbacks()
        callbacks.putglyph = { glyph, position, canvas in
            guard let glyph else { return 1 }
            Canvas.of(canvas)?.put(glyph.pointee, at: position)
            return 1
        }
        callbacks.scrollrect = { area, down, right, canvas in
            Canvas.of(canvas)?.scroll(Rectangle(area), down: Int(down), right: Int(right)) == true ? 1 : 0
        }
        callbacks.moverect = { target, source, canvas in
            Canvas.of(canvas)?.move(Rectangle(source), to: Rectangle(target))
            return 1
        }
        callbacks.erase = { area, selective, canvas in
            Canvas.of(canvas)?.erase(Rectangle(area), selective: selective != 0)
            return 1
        }
        return callbacks
    }

    private static func of(_ user: UnsafeMutableRawPointer?) -> Canvas? {
        user.map { Unmanaged<Canvas>.fromOpaque($0).takeUnretainedValue() }
    }

    private func put(_ glyph: VTermGlyphInfo, at position: VTermPos) {
        guard let characters = glyph.chars, (1...2).contains(glyph.width) else { return }
        let cell = Cell(glyph: characters[0], pen: pen, width: UInt8(glyph.width))
        lastPut = Position(row: Int(position.row), column: Int(position.col))
        lastGlyph = characters[0]
        grid.change(lastPut.row, stamp: stamps(1)) { $0.put(cell, at: lastPut.column) }
    }

    /// Whole lines only; libvterm makes the rest of moves and erasures.
    private func scroll(_ area: Rectangle, down: Int, right: Int) -> Bool {
        guard right == 0, area.fits(grid), area.columns.count == grid.columns else { return false }
        if area.rows.lowerBound == 0, down > 0, hidden == nil {
            for row in grid.rows.prefix(min(down, area.rows.count)) { keep(row) }
        }
        grid.scroll(area.rows, by: down, pen.erasing, stamp: stamps(area.rows.count))
        return true
    }

    private func move(_ source: Rectangle, to target: Rectangle) {
        grid.move(source, to: target, stamp: stamps(max(1, source.rows.count)))
    }

    private func erase(_ area: Rectangle, selective: Bool) {
        guard area.fits(grid) else { return }
        let stamp = stamps(max(1, area.rows.count))
        for (index, row) in area.rows.enumerated() {
            grid.change(row, stamp: stamp + UInt64(index)) { line in
                line.erase(area.columns, pen.erasing, selective: selective)
            }
        }
    }
}

extension Rectangle {
    /// libvterm's rectangle; an impossible one is empty.
    fileprivate init(_ area: VTermRect) {
        let (top, left) = (Int(area.start_row), Int(area.start_col))
        rows = top..<max(top, Int(area.end_row))
        columns = left..<max(left, Int(area.end_col))
    }
}
