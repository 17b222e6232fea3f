extension Row {
    /// Writes what draws this row on a line that is empty, with the pen as usual before and after, at most
    /// `limit` columns of it.
    func write(to bytes: inout [UInt8], limit: Int = .max) {
        var pen = Pen.usual
        var column = 0
        let end = min(usedColumns, limit)
        while column < end {
            let cell = cells[column]
            if cell.pen != pen { bytes += cell.pen.bytes(after: pen) }
            pen = cell.pen
            column += write(at: column, end: end, to: &bytes)
        }
        if pen != .usual { bytes += Pen.usual.bytes(after: pen) }
    }

    /// Writes the character, or the run of empty places, at `column`; answers its width.
    private func write(at column: Int, end: Int, to bytes: inout [UInt8]) -> Int {
        let cell = cells[column]
        guard cell.glyph == 0 else {
            guard column + Int(cell.width) <= end else {
                bytes.append(0x20)
                return 1
            }
            Self.append(cell.glyph, to: &bytes)
            if !marks.isEmpty { for mark in marks[column] ?? [] { Self.append(mark, to: &bytes) } }
            return max(1, Int(cell.width))
        }
        let run = (cells[column..<end].firstIndex { $0 != cell } ?? end) - column
        bytes += Array("\u{1b}[\(run)X\u{1b}[\(run)C".utf8)
        return run
    }

    static func append(_ glyph: UInt32, to bytes: inout [UInt8]) {
        if glyph < 0x80 { return bytes.append(UInt8(glyph)) }
        guard let scalar = Unicode.Scalar(glyph), let encoded = UTF8.encode(scalar) else {
            return bytes.append(UInt8(ascii: "?"))
        }
        bytes.append(contentsOf: encoded)
    }
}
