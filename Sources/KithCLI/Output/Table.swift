/// Columns for people: a header, rows, two blanks between columns, none at the end of a line.
struct Table {
    /// Columns of a terminal that are left of a column that is cut.
    private static let least = 8

    private let header: [String]
    /// The columns that may be cut, the first first; all others stay whole, so that what they say can be typed.
    private let cuttable: [Int]
    private var rows: [[String]] = []

    /// A table without rows.
    init(_ header: String..., cutting names: [String] = []) {
        self.header = header
        cuttable = names.compactMap { header.firstIndex(of: $0) }
    }

    /// Adds a row; what its cells hold is escaped when it is shown.
    mutating func add(_ cells: String...) { add(cells) }

    /// Adds a row; what its cells hold is escaped when it is shown.
    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The whole table; the empty text if there is no row.
    var text: String { text(within: nil) }

    /// The table for a terminal so many columns wide, or whole where there is none; the empty text if there is no row.
    ///
    /// Cells of ``init(_:cutting:)`` end with an ellipsis where that makes lines fit; where it does not, the terminal
    /// breaks them.
    func text(within width: Int?) -> String {
        guard !rows.isEmpty else { return "" }
        let all = [header] + rows.map { $0.map { width == nil ? $0.escaped : $0.cells } }
        var widths = header.indices.map { column in all.map { Columns.width(of: $0[column]) }.max() ?? 0 }
        if let width { cut(&widths, to: width) }
        return all.map { Self.line($0, widths) }.joined(separator: "\n")
    }

    private func cut(_ widths: inout [Int], to width: Int) {
        for column in cuttable {
            let excess = widths.reduce(0, +) + 2 * (widths.count - 1) - width
            guard excess > 0 else { return }
            let least = max(Self.least, header[column].count)
            widths[column] = max(min(least, widths[column]), widths[column] - excess)
        }
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = zip(cells, widths).map { Columns.pad(Columns.fit($0, into: $1), to: $1) }.joined(separator: "  ")
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

    /// Adds a pair whose value may have several lines, unless it is nil.
    mutating func add(_ name: String, lines value: String?) {
        for (number, line) in (value ?? "").split(whereSeparator: \.isNewline).enumerated() {
            pairs.append((number == 0 ? name : "", line.isEmpty ? "" : String(line).escapedLines))
        }
    }

    /// All pairs, the values under each other.
    var text: String {
        let width = pairs.map(\.0.count).max() ?? 0
        return pairs.map { Columns.pad($0, to: width) + "  " + $1 }.joined(separator: "\n")
    }
}
