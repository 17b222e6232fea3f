/// `LP(x)` of the protocol: a length of four bytes, big-endian, and the bytes.
enum LengthPrefix {
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt32(bytes.count)
        return [UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)] + bytes
    }

    static func encode(_ text: String) -> [UInt8] { encode(Array(text.utf8)) }
}
