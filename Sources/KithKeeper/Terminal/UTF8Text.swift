import CVTerm

/// UTF-8 as terminals get it: perhaps cut anywhere, perhaps wrong. Pure.
enum UTF8Text {
    /// Where the last whole character of `bytes` ends; a wrong one counts as whole.
    static func wholeEnd(of bytes: ArraySlice<UInt8>) -> Int {
        for back in 1...3 where bytes.count >= back {
            let index = bytes.endIndex - back
            let length = length(from: bytes[index])
            if length > back { return index }
            if length > 0 { return bytes.endIndex }
        }
        return bytes.endIndex
    }

    /// How many bytes the character that begins with `byte` has; 0 for one in the middle.
    private static func length(from byte: UInt8) -> Int {
        switch byte {
        case 0x00...0x7F: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        case 0x80...0xBF: 0
        default: 1
        }
    }

    /// What is drawn: characters with a width, or one that stands on the character before it.
    enum Piece: Equatable {
        case text([UInt8])
        case mark(UInt32)
    }

    /// `text` without what libvterm 0.1.4 cannot bear: controls written in two bytes (it moves the cursor to the
    /// left of the screen for them), and combining characters (its buffer for them doubles without end, and at
    /// the end of a line they begin the next one).
    static func pieces(_ text: ArraySlice<UInt8>) -> [Piece] {
        if text.allSatisfy({ $0 < 0x7F }) { return [.text(Array(text))] }
        var pieces: [Piece] = []
        var run: [UInt8] = []
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars where isDrawn(scalar) {
            guard scalar.value >= 0x300, vterm_unicode_is_combining(scalar.value) != 0 else {
                Row.append(scalar.value, to: &run)
                continue
            }
            if !run.isEmpty { pieces.append(.text(run)) }
            run = []
            pieces.append(.mark(scalar.value))
        }
        return run.isEmpty ? pieces : pieces + [.text(run)]
    }

    private static func isDrawn(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x7F...0x9F, 0x200B...0x200C, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: false
        default: true
        }
    }
}
