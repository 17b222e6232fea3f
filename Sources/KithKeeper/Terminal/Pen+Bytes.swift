extension Pen {
    private static let numbers: [(Attributes, String)] = [
        (.bold, ";1"), (.faint, ";2"), (.italic, ";3"), (.slowBlink, ";5"), (.fastBlink, ";6"), (.reverse, ";7"),
        (.concealed, ";8"), (.struck, ";9"), (.overlined, ";53"),
    ]

    /// What makes any pen into this one.
    var fullBytes: [UInt8] { Array((text + protection).utf8) }

    /// What makes `old` into this one.
    func bytes(after old: Pen) -> [UInt8] {
        let isSame = attributes.contains(.protected) == old.attributes.contains(.protected)
        return Array((isSame ? text : text + protection).utf8)
    }

    private var protection: String { "\u{1b}[\(attributes.contains(.protected) ? 1 : 0)\"q" }

    private var text: String {
        var text = "\u{1b}[0"
        for (attribute, number) in Self.numbers where attributes.contains(attribute) { text += number }
        if underline == 1 { text += ";4" }
        if underline > 1 { text += ";4:\(underline)" }
        text += Self.number(foreground, 30) + Self.number(background, 40) + Self.number(underlineColour, 50)
        return text + "m"
    }

    /// The numbers that select a colour; `base` is 30, 40 or 50.
    private static func number(_ colour: Colour, _ base: Int) -> String {
        switch colour {
        case .usual: ""
        case .indexed(let index) where base == 50: ";58:5:\(index)"
        case .indexed(let index) where index < 8: ";\(base + Int(index))"
        case .indexed(let index) where index < 16: ";\(base + 52 + Int(index))"
        case .indexed(let index): ";\(base + 8);5;\(index)"
        case .rgb(let red, let green, let blue) where base == 50: ";58:2::\(red):\(green):\(blue)"
        case .rgb(let red, let green, let blue): ";\(base + 8);2;\(red);\(green);\(blue)"
        }
    }
}
