/// The size of a terminal's window, in characters.
public struct TerminalSize: Described, Equatable {
    /// Characters in a row, 1–1,000.
    public var columns: Int
    /// Rows, 1–1,000.
    public var rows: Int

    /// A size.
    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    public static var parameters: [Parameter] {
        [
            Parameter("columns", \Self.columns, "Characters in a row, 1–1,000."),
            Parameter("rows", \Self.rows, "Rows, 1–1,000."),
        ]
    }
}
