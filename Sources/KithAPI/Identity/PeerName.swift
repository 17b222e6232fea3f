/// What people call a node: 1–63 bytes of letters, digits, `.`, `_` and `-`, not starting with a dash or a dot.
public struct PeerName: Hashable, Sendable, CustomStringConvertible {
    /// The name itself.
    public let text: String

    /// Checks `text`; nil if it cannot be a name.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...63).contains(bytes.count), bytes.allSatisfy(Self.allows),
            bytes[0] != UInt8(ascii: "-"), bytes[0] != UInt8(ascii: ".")
        else { return nil }
        self.text = text
    }

    /// The nearest valid name to what a machine calls itself.
    public init(nearest text: String) {
        let letters = text.utf8.map { Self.allows($0) ? $0 : UInt8(ascii: "-") }
        let trimmed = letters.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }.prefix(63)
        self.text = trimmed.isEmpty ? "node" : String(decoding: trimmed, as: UTF8.self)
    }

    public var description: String { text }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension PeerName: ParameterValue {
    public static var schema: Schema { .string(format: nil) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let name = PeerName(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a node name")
        }
        self = name
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
