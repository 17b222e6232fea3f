/// The id of a message: a UUID of version 7 (RFC 9562), which begins with the time.
public struct MessageID: Hashable, Sendable, CustomStringConvertible {
    /// 36 characters, lower case.
    public let text: String

    /// Reads an id; nil if it cannot be one.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36, bytes.indices.allSatisfy({ Self.fits(bytes[$0], at: $0) }) else { return nil }
        self.text = text
    }

    /// A new id at so many milliseconds since 1970.
    public static func make(
        atMilliseconds time: Int64, using generator: inout some RandomNumberGenerator
    ) -> MessageID {
        let head = UInt64(truncatingIfNeeded: time) << 16 | 0x7000 | UInt64.random(in: 0...0xFFF, using: &generator)
        let tail = 0x8000_0000_0000_0000 | UInt64.random(in: 0...0x3FFF_FFFF_FFFF_FFFF, using: &generator)
        let digits = Self.hexadecimal(head) + Self.hexadecimal(tail)
        var text: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return MessageID(unchecked: String(decoding: text, as: UTF8.self))
    }

    /// The one that stands in examples.
    public static let example = MessageID(unchecked: "019ac0de-0000-7000-8000-000000000001")

    private init(unchecked text: String) { self.text = text }

    public var description: String { text }

    private static func fits(_ byte: UInt8, at index: Int) -> Bool {
        if [8, 13, 18, 23].contains(index) { return byte == UInt8(ascii: "-") }
        return digits.contains(byte)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func hexadecimal(_ value: UInt64) -> [UInt8] {
        (0..<16).map { digits[Int(value >> (60 - 4 * UInt64($0)) & 15)] }
    }
}

extension MessageID: ParameterValue {
    public static var schema: Schema { .string(format: nil) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = MessageID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a message id")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
