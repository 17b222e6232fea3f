extension String {
    /// The text with everything that could drive a terminal or reorder a line made visible (`\x1b`, `\u{202e}`).
    /// For whatever came from a peer.
    var escaped: String { escaped(keeping: []) }

    /// As ``escaped``, with line feeds and tabs left as they are: for values of several lines.
    var escapedLines: String { escaped(keeping: ["\n", "\t"]) }

    private func escaped(keeping kept: Set<Unicode.Scalar>) -> String {
        guard unicodeScalars.contains(where: { $0.isDangerous && !kept.contains($0) }) else { return self }
        return unicodeScalars.map { $0.isDangerous && !kept.contains($0) ? $0.visible : String($0) }.joined()
    }
}

extension Unicode.Scalar {
    /// Control characters, line separators and what changes the direction of writing.
    fileprivate var isDangerous: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB,
            0xE0000...0xE007F:
            true
        default: false
        }
    }

    fileprivate var visible: String {
        let digits = String(value, radix: 16)
        return value < 0x100 ? "\\x" + (digits.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
    }
}
