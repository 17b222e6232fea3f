/// Columns for people: a header, rows, two blanks between columns, none at the end of a line.
struct Table {
    private let header: [String]
    private var rows: [[String]] = []

    /// A table without rows.
    init(_ header: String...) { self.header = header }

    /// Adds a row; its cells are escaped.
    mutating func add(_ cells: String...) { add(cells) }

    /// Adds a row; its cells are escaped.
    mutating func add(_ cells: [String]) { rows.append(cells.map(\.escaped)) }

    /// The whole table; the empty text if there is no row.
    var text: String {
        guard !rows.isEmpty else { return "" }
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { Self.line($0, widths) }.joined(separator: "\n")
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (cell, width) in zip(cells, widths) {
            line += cell + String(repeating: " ", count: width - cell.count + 2)
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }
}

/// Names and values for people, one pair per line; names are ours, values are escaped.
struct Facts {
    private var pairs: [(String, String)] = []

    /// Adds a pair, unless the value is nil.
    mutating func add(_ name: String, _ value: String?) {
        if let value { pairs.append((name, value.escaped)) }
    }

    /// All pairs, the values under each other.
    var text: String {
        let width = pairs.map(\.0.count).max() ?? 0
        return pairs.map { $0 + String(repeating: " ", count: width - $0.count + 2) + $1 }.joined(separator: "\n")
    }
}
