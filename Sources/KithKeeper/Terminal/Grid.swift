/// The lines of one screen, main or alternate. Pure.
struct Grid: Equatable, Sendable {
    private(set) var rows: [Row]
    private(set) var columns: Int

    init(rows: Int, columns: Int) {
        self.rows = Array(repeating: Row(columns: columns), count: rows)
        self.columns = columns
    }

    /// Changes one row; nothing happens for one that is not there.
    mutating func change(_ row: Int, stamp: UInt64, _ body: (inout Row) -> Void) {
        guard rows.indices.contains(row) else { return }
        body(&rows[row])
        rows[row].stamp = stamp
    }

    /// Moves rows `range` up by `count`, or down if below 0; the free ones are empty.
    mutating func scroll(_ range: Range<Int>, by count: Int, _ pen: Pen, stamp: UInt64) {
        guard !range.isEmpty, range.upperBound <= rows.count else { return }
        for index in 0..<min(abs(count), range.count) {
            var row = rows.remove(at: count > 0 ? range.lowerBound : range.upperBound - 1)
            row.erase(pen)
            row.stamp = stamp + UInt64(index)
            rows.insert(row, at: count > 0 ? range.upperBound - 1 : range.lowerBound)
        }
    }

    /// Moves a rectangle of the same size from `source` to `target`.
    mutating func move(_ source: Rectangle, to target: Rectangle, stamp: UInt64) {
        guard source.fits(self), target.fits(self), source.rows.count == target.rows.count else { return }
        let moved = source.rows.map { Array(rows[$0].cells[source.columns]) }
        let marks = source.rows.map { row in rows[row].marks.filter { source.columns.contains($0.key) } }
        for (index, row) in target.rows.enumerated() {
            rows[row].cutWide(at: target.columns.lowerBound)
            rows[row].cutWide(at: target.columns.upperBound)
            rows[row].cells.replaceSubrange(target.columns, with: moved[index])
            rows[row].mend(target.columns, shifted: target.columns.lowerBound - source.columns.lowerBound, marks[index])
            rows[row].stamp = stamp + UInt64(index)
        }
    }

    /// Fits to a new size: rows go first below, then, `above` of them, at the top.
    mutating func resize(rows count: Int, columns: Int, above: Int, stamp: UInt64) {
        self.columns = columns
        rows.removeFirst(min(above, rows.count))
        if rows.count > count { rows.removeLast(rows.count - count) }
        while rows.count < count { rows.append(Row(columns: columns)) }
        for index in rows.indices {
            rows[index].resize(columns: columns)
            rows[index].stamp = stamp + UInt64(index)
        }
    }
}

/// A part of a screen.
struct Rectangle {
    var rows: Range<Int>
    var columns: Range<Int>

    func fits(_ grid: Grid) -> Bool {
        rows.lowerBound >= 0 && rows.upperBound <= grid.rows.count && columns.lowerBound >= 0
            && columns.upperBound <= grid.columns
    }
}

extension Row {
    /// After cells were replaced: the marks that came with them, and no half of a wide character alone.
    fileprivate mutating func mend(_ range: Range<Int>, shifted: Int, _ moved: [Int: [UInt32]]) {
        for column in range { marks[column] = nil }
        for (column, mark) in moved { marks[column + shifted] = mark }
        if let first = range.first, cells[first].width == 0 { cells[first] = Cell(pen: cells[first].pen.erasing) }
        guard let last = range.last, cells[last].width == 2 else { return }
        cells[last] = Cell(pen: cells[last].pen.erasing)
        marks[last] = nil
    }
}
