/// Seeded streams of text and sequences such as programs write, some of them broken.
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// A number from 0 to `limit` - 1.
    mutating func number(_ limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % limit
    }

    /// One piece of a stream.
    mutating func piece() -> [UInt8] {
        switch number(12) {
        case 0...3: return Array(text().utf8)
        case 4: return [[8, 9, 10, 11, 12, 13, 14, 15, 7, 0, 24, 26][number(12)]]
        case 5: return Array("\r\n".utf8)
        case 6: return Array("\u{1b}[\(rendition())m".utf8)
        case 7, 8: return Array("\u{1b}[\(numbers())\(final("@ABCDEFGHIJKLMPSTXZ`abdefgrsu"))".utf8)
        case 9: return Array("\u{1b}[?\(Self.modes[number(Self.modes.count)])\(final("hhl"))".utf8)
        case 10: return Array(escape().utf8)
        default: return (0..<number(6)).map { _ in UInt8(number(256)) }
        }
    }

    private static let modes = [1, 5, 6, 7, 25, 47, 66, 69, 1000, 1002, 1004, 1006, 1047, 1048, 1049, 2004, 12, 3]
    private static let words = [
        "hello", "kith", "日本語", "e\u{301}", "👍🏽", "─│┌", "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", " ",
        "naïve", "q",
        "ﷺ", "\u{200d}", "\u{85}", "한글", "x\u{fe0f}", "\u{301}",
    ]

    private mutating func text() -> String {
        (0...number(8)).map { _ in Self.words[number(Self.words.count)] }.joined()
    }

    private mutating func numbers() -> String {
        (0..<number(4)).map { _ in number(5) == 0 ? "" : String(number(number(9) == 0 ? 99_999 : 30)) }.joined(
            separator: ";")
    }

    private mutating func rendition() -> String {
        let all = [
            "", "1", "2", "3", "4", "4:3", "7", "8", "9", "22", "31", "42", "95", "107", "38;5;200", "48;5;17",
            "38;2;1;2;3", "48:2::9:8:7", "58:5:3", "53", "0", "39;49", "21", "5",
        ]
        return (0...number(3)).map { _ in all[number(all.count)] }.joined(separator: ";")
    }

    private mutating func final(_ of: String) -> Character { Array(of)[number(of.count)] }

    private mutating func escape() -> String {
        let all = [
            "\u{1b}7", "\u{1b}8", "\u{1b}D", "\u{1b}E", "\u{1b}M", "\u{1b}H", "\u{1b}=", "\u{1b}>", "\u{1b}(0",
            "\u{1b}(B", "\u{1b})0", "\u{1b}c", "\u{1b}#8", "\u{1b}[4h", "\u{1b}[4l", "\u{1b}[20h", "\u{1b}[20l",
            "\u{1b}[!p",
            "\u{1b}[3 q", "\u{1b}]2;a title\u{7}", "\u{1b}]0;other\u{1b}\\", "\u{1b}P+q544e\u{1b}\\", "\u{1b}[6n",
            "\u{1b}[c",
            "\u{1b}[>4;2m", "\u{1b}[>1u", "\u{1b}[<u", "\u{1b}[1\"q", "\u{1b}[0\"q", "\u{1b}[?2J", "\u{1b}[3J",
            "\u{1b}[3g",
            "\u{1b}[22;0t", "\u{1b}[23;0t", "\u{1b}n", "\u{1b}o",
        ]
        return all[number(all.count)]
    }
}
