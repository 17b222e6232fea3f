/// A colour as programs name it.
enum Colour: Equatable, Sendable {
    /// What the outer terminal takes when nobody asked for a colour.
    case usual
    case indexed(UInt8)
    case rgb(UInt8, UInt8, UInt8)
}

/// How the next character is drawn (SGR). Pure.
///
/// Ours rather than libvterm's, which knows neither faint nor concealed text nor coloured underlines.
struct Pen: Equatable, Sendable {
    /// What is on or off.
    struct Attributes: OptionSet, Sendable {
        let rawValue: UInt16

        static let bold = Attributes(rawValue: 1 << 0)
        static let faint = Attributes(rawValue: 1 << 1)
        static let italic = Attributes(rawValue: 1 << 2)
        static let slowBlink = Attributes(rawValue: 1 << 3)
        static let fastBlink = Attributes(rawValue: 1 << 4)
        static let reverse = Attributes(rawValue: 1 << 5)
        static let concealed = Attributes(rawValue: 1 << 6)
        static let struck = Attributes(rawValue: 1 << 7)
        static let overlined = Attributes(rawValue: 1 << 8)
        /// Kept by a selective erase (DECSCA); no part of SGR.
        static let protected = Attributes(rawValue: 1 << 9)
    }

    var attributes: Attributes = []
    /// 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed.
    var underline: UInt8 = 0
    var foreground = Colour.usual
    var background = Colour.usual
    var underlineColour = Colour.usual

    /// A pen that draws as terminals do when nobody asked for anything.
    static let usual = Pen()

    /// What an erased cell keeps of this pen.
    var erasing: Pen { Pen(background: background) }
}

extension Pen {
    /// The attribute behind each number that sets just one.
    private static let setting: [Int: Attributes] = [
        1: .bold, 2: .faint, 3: .italic, 5: .slowBlink, 6: .fastBlink, 7: .reverse, 8: .concealed, 9: .struck,
        53: .overlined,
    ]

    /// The attributes that each number takes away.
    private static let clearing: [Int: Attributes] = [
        22: [.bold, .faint], 23: .italic, 25: [.slowBlink, .fastBlink], 27: .reverse, 28: .concealed, 29: .struck,
        55: .overlined,
    ]

    /// Changes the pen as `CSI … m` with these numbers does.
    mutating func select(_ numbers: [ControlSequence.Number]) {
        guard !numbers.isEmpty else { return reset() }
        var index = 0
        while index < numbers.count { index += select(numbers[index...]) }
    }

    /// Takes the first attribute of `numbers`; answers how many numbers it was made of.
    private mutating func select(_ numbers: ArraySlice<ControlSequence.Number>) -> Int {
        guard let number = numbers.first else { return 1 }
        let code = number.value ?? 0
        if let attribute = Self.setting[code] { attributes.insert(attribute) }
        if let attribute = Self.clearing[code] { attributes.subtract(attribute) }
        switch code {
        case 0: reset()
        case 4: underline = UInt8(clamping: min(number.parts.first.map { $0 ?? 1 } ?? 1, 5))
        case 21: underline = 2
        case 24: underline = 0
        case 30...37: foreground = .indexed(UInt8(code - 30))
        case 40...47: background = .indexed(UInt8(code - 40))
        case 90...97: foreground = .indexed(UInt8(code - 82))
        case 100...107: background = .indexed(UInt8(code - 92))
        case 39: foreground = .usual
        case 49: background = .usual
        case 59: underlineColour = .usual
        case 38, 48, 58: return selectColour(code, numbers)
        default: break
        }
        return 1
    }

    private mutating func reset() {
        let kept = attributes.intersection(.protected)
        self = Pen(attributes: kept)
    }

    private mutating func selectColour(_ code: Int, _ numbers: ArraySlice<ControlSequence.Number>) -> Int {
        let (colour, length) = Colour.read(numbers)
        guard let colour else { return length }
        switch code {
        case 38: foreground = colour
        case 48: background = colour
        default: underlineColour = colour
        }
        return length
    }
}

extension Colour {
    /// The colour behind 38, 48 or 58, in either spelling, and how many numbers it takes.
    fileprivate static func read(_ numbers: ArraySlice<ControlSequence.Number>) -> (Colour?, Int) {
        guard let first = numbers.first else { return (nil, 1) }
        if !first.parts.isEmpty { return (colour(first.parts.map { $0 ?? 0 }), 1) }
        let rest = numbers.dropFirst().prefix(4).map { $0.value ?? 0 }
        guard let kind = rest.first else { return (nil, 1) }
        let length = kind == 2 ? 5 : kind == 5 ? 3 : 2
        return (colour(rest), length)
    }

    /// `5, index`, `2, r, g, b`, or `2, space, r, g, b`.
    private static func colour(_ parts: [Int]) -> Colour? {
        if parts.count >= 2, parts[0] == 5 { return .indexed(UInt8(clamping: parts[1])) }
        guard parts.count >= 4, parts[0] == 2 else { return nil }
        let rgb = (parts.count > 4 ? parts[2...4] : parts[1...3]).map { UInt8(clamping: $0) }
        return .rgb(rgb[0], rgb[1], rgb[2])
    }
}
