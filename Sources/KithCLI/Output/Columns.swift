/// How many columns of a terminal text takes, counted as most terminals do.
enum Columns {
    /// Columns of one character: 0 for a mark without a letter, 2 for the wide ones of East Asia and for pictures.
    static func width(of character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if first.isMark { return 0 }
        return wide.contains { $0.contains(first.value) } ? 2 : 1
    }

    /// Columns of a text, see ``Swift/String/cells``.
    static func width(of text: String) -> Int { text.reduce(0) { $0 + width(of: $1) } }

    /// The beginning of `text` that fits into `columns`, with an ellipsis where something was cut.
    static func fit(_ text: String, into columns: Int) -> String {
        guard width(of: text) > columns else { return text }
        var (kept, used) = ("", 0)
        for character in text {
            let next = used + width(of: character)
            guard next < columns else { break }
            kept.append(character)
            used = next
        }
        return columns > 0 ? kept + "…" : ""
    }

    /// `text` with blanks behind it, `columns` wide; as it is where it is wider.
    static func pad(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - width(of: text)))
    }

    /// The number of a line in a log, as wide as most of them are.
    static func number(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: " ", count: max(0, 5 - text.count)) + text
    }

    /// Cells of a line behind each other, two blanks between them, none at its end; cut to a terminal so many columns
    /// wide.
    static func line(_ cells: [String], within width: Int?) -> String {
        var line = cells.joined(separator: "  ")
        while line.hasSuffix(" ") { line.removeLast() }
        return width.map { fit(line.cells, into: $0) } ?? line
    }

    /// The blocks of Unicode 16 whose characters are wide; those with a narrow default are left out.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x2614...0x2615, 0x2648...0x2653, 0x26AA...0x26AB,
        0x26BD...0x26BE, 0x26C4...0x26C5, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728, 0x274C...0x274C,
        0x2753...0x2755, 0x2795...0x2797, 0x2B1B...0x2B1C, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
        0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FB, 0x1F004...0x1F004, 0x1F18E...0x1F18E,
        0x1F191...0x1F19A, 0x1F1E6...0x1F320, 0x1F32D...0x1F64F, 0x1F680...0x1F6FC, 0x1F7E0...0x1F7F0,
        0x1F90C...0x1FAFF, 0x20000...0x3FFFD,
    ]
}

extension String {
    /// The text as it may stand in one line of a screen: nothing drives the terminal (see ``escaped``), and nothing
    /// joins with its neighbours but a few accents, because terminals differ in how wide that is.
    var cells: String {
        let text = escaped
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        return String(text.map { $0.unicodeScalars.count == 1 ? $0 : $0.withoutJoining })
    }
}

extension Character {
    fileprivate var withoutJoining: Character {
        var scalars = String.UnicodeScalarView()
        for (index, scalar) in unicodeScalars.enumerated() where index == 0 || (index < 4 && scalar.isAccent) {
            scalars.append(scalar)
        }
        return String(scalars).first ?? "?"
    }
}

extension Unicode.Scalar {
    fileprivate var isMark: Bool { [.nonspacingMark, .enclosingMark].contains(properties.generalCategory) }

    /// A mark that is drawn over its letter, and does not choose between letter and picture.
    fileprivate var isAccent: Bool { isMark && !(0xFE00...0xFE0F).contains(value) }
}
