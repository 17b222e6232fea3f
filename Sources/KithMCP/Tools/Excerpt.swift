/// A piece of a text that fits into a model, never cut inside a character.
struct Excerpt: Equatable {
    /// Bytes of text in one result: about 20,000 tokens at worst, and below what clients cut off themselves.
    static let limit = 60_000

    let text: String
    /// Where the next piece begins, in bytes; nil at the end.
    let next: Int?

    /// The bytes of `text` from `offset`, at most `limit`.
    init(_ text: String, from offset: Int, limit: Int) {
        let bytes = Array(text.utf8)
        let start = Self.boundary(bytes, offset)
        let end = Self.boundary(bytes, start + limit)
        self.text = String(decoding: bytes[start..<end], as: UTF8.self)
        next = end < bytes.count ? end : nil
    }

    /// The last beginning of a character at or before `index`.
    private static func boundary(_ bytes: [UInt8], _ index: Int) -> Int {
        var index = min(max(index, 0), bytes.count)
        while index > 0, index < bytes.count, bytes[index] & 0xC0 == 0x80 { index -= 1 }
        return index
    }
}
