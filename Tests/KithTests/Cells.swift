/// A picture of tmux as what stands in each place: its bytes say the same in several ways.
struct Cells: Equatable {
    /// A character and how it is drawn.
    struct Cell: Equatable {
        var character: Character
        var look: [String: String]
    }

    private(set) var lines: [[Cell]] = []

    /// Reads what `tmux capture-pane -p -e` printed; blanks at the ends of lines do not count.
    init(_ picture: String) {
        var look: [String: String] = [:]
        for line in picture.split(separator: "\n", omittingEmptySubsequences: false) {
            var cells: [Cell] = []
            var rest = line
            while let first = rest.first {
                rest.removeFirst()
                if first == "\u{1b}" {
                    let sequence = rest.prefix { $0 != "m" }
                    rest = rest.dropFirst(sequence.count + 1)
                    Self.change(&look, by: sequence.dropFirst())
                } else {
                    cells.append(Cell(character: first, look: look))
                }
            }
            while let last = cells.last, last.character == " ", last.look["background"] == nil { cells.removeLast() }
            lines.append(cells)
        }
    }

    private static func change(_ look: inout [String: String], by sequence: Substring) {
        let numbers = sequence.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        switch Int(numbers[0]) ?? 0 {
        case 0:
            look = [:]
            if numbers.count > 1 { change(&look, by: numbers.dropFirst().joined(separator: ";")[...]) }
        case 30...38, 90...97: look["foreground"] = numbers.joined(separator: ";")
        case 39: look["foreground"] = nil
        case 40...48, 100...107: look["background"] = numbers.joined(separator: ";")
        case 49: look["background"] = nil
        default: for number in numbers { look[number] = "on" }
        }
    }
}
