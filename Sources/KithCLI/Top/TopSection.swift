/// One table of the screen: a heading, rows, and what stands there where there is none.
struct TopSection {
    /// A row: a mark, then a cell for each of ``TopColumns``.
    struct Row {
        var mark: String = " "
        var style = ScreenLine.Style.plain
        var name: String
        var state: String
        var time = ""
        var who = ""
        var rest = ""
        /// Whether it is of the past.
        var isQuiet = false
    }

    let title: String
    /// The words over the columns behind the first.
    let heads: [String]
    let rows: [Row]
    /// Said beside the title where there are no rows.
    let nothing: String
    /// The command that shows what did not fit.
    let command: String
    /// Room is taken in steps of so many rows, so that what stands below does not move with each row.
    let step: Int

    /// Rows for which room is wished.
    var wish: Int { (rows.count + step - 1) / step * step }

    /// The heading and at most `room` rows; the last one says how many more there are.
    func lines(_ columns: TopColumns, room: Int) -> [ScreenLine] {
        let shown = rows.count > room ? max(0, room - 1) : rows.count
        var lines =
            [room > 0 || rows.isEmpty ? heading(columns) : folded(columns)]
            + rows.prefix(shown).map { Self.line($0, columns) }
        if shown < rows.count, room > 0 { lines.append(more(rows.count - shown, columns)) }
        return lines + Array(repeating: ScreenLine(), count: max(0, room + 1 - lines.count))
    }

    private func heading(_ columns: TopColumns) -> ScreenLine {
        var line = ScreenLine()
        line.put(title, at: 0, width: columns.name.upperBound, .strong)
        guard !rows.isEmpty else {
            let start = columns.state.lowerBound
            line.put(nothing, at: start, width: columns.width - start, .quiet)
            return line
        }
        for (head, place) in zip(heads, [columns.state, columns.time, columns.who, columns.rest]) {
            if place == columns.time {
                line.putRight(head, at: place.lowerBound, width: place.count, .quiet)
            } else {
                line.put(head, at: place.lowerBound, width: place.count, .quiet)
            }
        }
        return line
    }

    /// The heading where there is room for nothing else: how many there are, and how to see them.
    private func folded(_ columns: TopColumns) -> ScreenLine {
        var line = ScreenLine()
        line.put(title, at: 0, width: columns.name.upperBound, .strong)
        let start = title.count + 2
        line.put("\(rows.count): \(command)", at: start, width: columns.width - start, .quiet)
        return line
    }

    private static func line(_ row: Row, _ columns: TopColumns) -> ScreenLine {
        var line = ScreenLine()
        let style = row.isQuiet ? ScreenLine.Style.quiet : .plain
        if row.mark != " " { line.put(row.mark, at: 0, width: min(1, columns.width), row.style) }
        line.put(row.name, at: columns.name.lowerBound, width: columns.name.count, style)
        line.put(
            row.state, at: columns.state.lowerBound, width: columns.state.count, row.isQuiet ? .quiet : row.style)
        line.putRight(row.time, at: columns.time.lowerBound, width: columns.time.count, style)
        line.put(row.who, at: columns.who.lowerBound, width: columns.who.count, style)
        line.put(row.rest, at: columns.rest.lowerBound, width: columns.rest.count, style)
        return line
    }

    private func more(_ count: Int, _ columns: TopColumns) -> ScreenLine {
        var line = ScreenLine()
        line.put("\(count) more: \(command)", at: 2, width: columns.width - 2, .quiet)
        return line
    }
}
