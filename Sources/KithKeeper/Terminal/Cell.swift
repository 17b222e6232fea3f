/// One place of a screen: 20 bytes.
struct Cell: Equatable, Sendable {
    /// The character's number; 0 for an erased place, which copies as nothing.
    var glyph: UInt32 = 0
    var pen = Pen.usual
    /// Places it takes; 0 for the right half of a wide character.
    var width: UInt8 = 1

    /// The right half of a wide character.
    static func rightHalf(_ pen: Pen) -> Cell { Cell(pen: pen, width: 0) }
}

/// A line of a screen.
struct Row: Sendable {
    var cells: [Cell]
    /// Combining characters, by the column of what they stand on.
    var marks: [Int: [UInt32]] = [:]
    /// A number that no other content ever had.
    var stamp: UInt64 = 0

    /// Combining characters on one place beyond this many are dropped.
    static let markLimit = 5

    init(columns: Int) { cells = Array(repeating: Cell(), count: columns) }

    /// Makes all places empty, with the background of `pen`.
    mutating func erase(_ pen: Pen) {
        for column in cells.indices { cells[column] = Cell(pen: pen) }
        marks = [:]
    }

    /// Erases places `range`, and the other halves of wide characters that it cuts.
    mutating func erase(_ range: Range<Int>, _ pen: Pen, selective: Bool = false) {
        cutWide(at: range.lowerBound)
        cutWide(at: range.upperBound)
        for column in range where !(selective && cells[column].pen.attributes.contains(.protected)) {
            cells[column] = Cell(pen: pen)
            marks[column] = nil
        }
    }

    /// Puts a character at `column`.
    mutating func put(_ cell: Cell, at column: Int) {
        let end = column + Int(cell.width)
        guard column >= 0, end <= cells.count, cell.width > 0 else { return }
        cutWide(at: column)
        cutWide(at: end)
        if !marks.isEmpty { for place in column..<end { marks[place] = nil } }
        cells[column] = cell
        if cell.width == 2 { cells[column + 1] = .rightHalf(cell.pen) }
    }

    /// Puts a combining character on what stands at `column`, if anything does and has room for it.
    mutating func add(_ mark: UInt32, at column: Int) {
        guard cells.indices.contains(column) else { return }
        let base = cells[column].width == 0 ? column - 1 : column
        guard base >= 0, cells[base].glyph != 0, marks[base, default: []].count < Self.markLimit else { return }
        marks[base, default: []].append(mark)
    }

    /// Erases the wide character that has a half on either side of `column`'s left edge.
    mutating func cutWide(at column: Int) {
        guard column > 0, column < cells.count, cells[column].width == 0 else { return }
        cells[column] = Cell(pen: cells[column].pen.erasing)
        cells[column - 1] = Cell(pen: cells[column - 1].pen.erasing)
        marks[column - 1] = nil
    }

    mutating func resize(columns: Int) {
        guard columns != cells.count else { return }
        if columns < cells.count { cutWide(at: columns) }
        cells = Array(cells.prefix(columns))
        cells.append(contentsOf: Array(repeating: Cell(), count: columns - cells.count))
        marks = marks.filter { $0.key < columns }
    }

    /// Where the last place is that is not simply empty, plus one.
    var usedColumns: Int { (cells.lastIndex { $0 != Cell() } ?? -1) + 1 }
}

extension Row: Equatable {
    /// Whether both show the same.
    static func == (one: Row, other: Row) -> Bool { one.cells == other.cells && one.marks == other.marks }
}
