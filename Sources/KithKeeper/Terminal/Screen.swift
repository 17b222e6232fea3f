import KithAPI

/// A terminal without a window: what a program draws, kept so that any terminal can be brought to the same state.
///
/// Owned by one place that calls it in turn; not thread-safe. An idle one of 80×24 with a full scrollback of
/// plain text takes well under 1 MiB; ``Scrollback/byteLimit`` bounds a colourful one.
final class Screen {
    /// Characters of a title that are kept.
    static let titleLimit = 512
    /// Titles that a program may put aside.
    static let titleStackLimit = 10

    let canvas: Canvas
    var scanner = ControlScanner()
    var modes = Modes()
    var charsets = Charsets()
    /// The rows that scroll (DECSTBM), from 0.
    var margins: Range<Int>
    /// The columns that scroll (DECSLRM), where mode 69 is on.
    var sideMargins: Range<Int>
    /// Where tabs stop; nil for every eighth column.
    var tabStops: Set<Int>?
    var title = ""
    var titles: [String] = []
    /// What `ESC 7` kept on the main screen, and on the alternate one.
    var savedOnMain: SavedCursor?
    var savedOnAlternate: SavedCursor?
    /// The private mode that showed the alternate screen: 47, 1047 or 1049.
    var alternateMode: Int?
    /// How large it is.
    private(set) var size: TerminalSize

    /// An empty screen; nil where libvterm has no memory. Sizes outside 2–1,000 are brought to the nearest.
    init?(_ size: TerminalSize) {
        let size = size.clamped
        guard let canvas = Canvas(rows: size.rows, columns: size.columns) else { return nil }
        (self.canvas, self.size) = (canvas, size)
        margins = 0..<size.rows
        sideMargins = 0..<size.columns
    }

    /// Whether the alternate screen is shown.
    var isAlternate: Bool { canvas.hidden != nil }

    /// Takes what a program wrote, and says what clients may be given of it now.
    func feed(_ bytes: some Sequence<UInt8>) -> Passage {
        let tokens = scanner.scan(bytes)
        var passage = Passage()
        for token in tokens {
            if let query = Query(token.kind, modes: modes) {
                passage.append(scanner.bytes[token.range], asking: answer(query))
            } else {
                passage.append(scanner.bytes[token.range])
                take(token)
            }
        }
        return passage
    }

    /// Gives the screen a new size; margins become the whole screen, as in xterm.
    func resize(_ newSize: TerminalSize) {
        let new = newSize.clamped
        guard new != size else { return }
        let place = canvas.cursor
        let wider = size.columns..<max(size.columns, new.columns)
        size = new
        canvas.control("\u{1b}[?6l\u{1b}[?69l\u{1b}[r")
        canvas.move(to: place)
        canvas.resize(rows: new.rows, columns: new.columns)
        margins = 0..<new.rows
        sideMargins = 0..<new.columns
        for mode in [69, 6] where modes[mode] { keepingCursor { canvas.control("\u{1b}[?\(mode)h") } }
        tabStops = tabStops.map { $0.union(wider.filter { $0 % 8 == 0 }).filter { $0 < new.columns } }
        savedOnMain?.position.fit(new)
        savedOnAlternate?.position.fit(new)
    }

    /// Does something that moves the cursor although it should not.
    func keepingCursor(_ body: () -> Void) {
        let place = canvas.cursor
        body()
        move(to: place)
    }

    /// Moves the cursor to a place of the whole screen, in origin mode too.
    func move(to place: Position) {
        guard modes[6] else { return canvas.move(to: place) }
        let left = modes[69] ? sideMargins.lowerBound : 0
        canvas.move(to: Position(row: max(0, place.row - margins.lowerBound), column: max(0, place.column - left)))
    }
}

extension TerminalSize {
    /// The nearest size that a screen can have.
    var clamped: TerminalSize {
        TerminalSize(
            columns: min(max(columns, Canvas.smallest), 1000), rows: min(max(rows, Canvas.smallest), 1000))
    }
}

extension Position {
    mutating func fit(_ size: TerminalSize) {
        row = min(row, size.rows - 1)
        column = min(column, size.columns - 1)
    }
}
