/// One line of a screen: pieces of text, each at a column of its own, so that none moves when another grows.
struct ScreenLine: Equatable, Sendable {
    /// How a piece looks; without colours all look the same.
    enum Style: String, Sendable {
        case plain = ""
        case strong = "1"
        case quiet = "2"
        case good = "32"
        case care = "33"
        case bad = "31"
        case alarm = "1;31"
        case notice = "1;33"
    }

    struct Piece: Equatable, Sendable {
        var column: Int
        var text: String
        var style: Style
    }

    private(set) var pieces: [Piece] = []

    /// Puts text at a column, cut to `width` columns; the text is made harmless.
    mutating func put(_ text: String, at column: Int, width: Int, _ style: Style = .plain) {
        let fitting = Columns.fit(text.cells, into: width)
        if width > 0, !fitting.isEmpty { pieces.append(Piece(column: column, text: fitting, style: style)) }
    }

    /// As ``put(_:at:width:_:)``, with the end of the text at the end of the room.
    mutating func putRight(_ text: String, at column: Int, width: Int, _ style: Style = .plain) {
        let fitting = Columns.fit(text.cells, into: width)
        put(fitting, at: column + max(0, width - Columns.width(of: fitting)), width: width, style)
    }

    /// The same line as what was once true.
    var faded: ScreenLine {
        var line = self
        for index in line.pieces.indices { line.pieces[index].style = .quiet }
        return line
    }

    /// The line as plain text, without blanks at its end.
    var text: String {
        var text = ""
        for piece in pieces {
            text += String(repeating: " ", count: max(0, piece.column - Columns.width(of: text))) + piece.text
        }
        return text
    }

    /// What draws the line from its first column on. Behind anything that terminals may count otherwise, the
    /// next column is gone to by its number.
    func drawing(colours: Bool) -> String {
        var (bytes, column, isSure) = ("", 0, true)
        for piece in pieces {
            let gap = piece.column - column
            bytes += isSure && gap >= 0 ? String(repeating: " ", count: gap) : "\u{1b}[\(piece.column + 1)G"
            let isStyled = colours && piece.style != .plain
            bytes += isStyled ? "\u{1b}[\(piece.style.rawValue)m\(piece.text)\u{1b}[m" : piece.text
            column = piece.column + Columns.width(of: piece.text)
            isSure = isSure && piece.text.unicodeScalars.allSatisfy { $0.isASCII || "●○…·".unicodeScalars.contains($0) }
        }
        return bytes
    }
}
