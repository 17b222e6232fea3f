/// Crockford's base 32: what people read aloud. No I, L, O or U.
enum Crockford {
    static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// So many random letters, five bits each.
    static func random(_ count: Int, using generator: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<count).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] }
    }

    /// The letters that `text` means: case, spaces and dashes aside, O is 0, I and L are 1.
    ///
    /// Nil unless they are exactly `count`.
    static func letters(_ text: String, count: Int) -> [UInt8]? {
        guard text.utf8.count <= count * 4 else { return nil }
        var letters: [UInt8] = []
        for byte in text.uppercased().utf8 where byte != UInt8(ascii: "-") && byte != UInt8(ascii: " ") {
            guard let letter = canonical(byte) else { return nil }
            letters.append(letter)
        }
        return letters.count == count ? letters : nil
    }

    private static func canonical(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "O"): UInt8(ascii: "0")
        case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
        default: alphabet.contains(byte) ? byte : nil
        }
    }
}
