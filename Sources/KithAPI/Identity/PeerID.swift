/// Who a node is: the SHA-256 of its public key (SubjectPublicKeyInfo, DER).
public struct PeerID: Hashable, Sendable {
    /// The 32 bytes of the hash.
    public let bytes: [UInt8]

    /// The identity with this hash; nil unless it is 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads 52 letters of base 32, or the checked groups that people compare; case does not matter.
    public init?(_ text: String) {
        let letters = text.lowercased().filter { $0 != "-" && $0 != " " }
        guard let plain = letters.utf8.count == 56 ? Self.unchecked(letters) : letters,
            plain.utf8.count == 52, let bytes = Base32.decode(plain)
        else { return nil }
        self.init(bytes: bytes)
    }

    /// The 52 letters used on the wire.
    public var text: String { Base32.encode(bytes) }

    /// The first eight letters, enough to recognise one among one's own machines.
    public var short: String { String(text.prefix(8)) }

    /// Eight groups of seven letters for people; every second group ends with a check letter.
    public var checkedGroups: String {
        let plain = Array(text.utf8)
        let checked = stride(from: 0, to: 52, by: 13).flatMap { start -> [UInt8] in
            let part = plain[start..<start + 13]
            return part + [Self.checkLetter(part)]
        }
        return stride(from: 0, to: 56, by: 7)
            .map { String(decoding: checked[$0..<$0 + 7], as: UTF8.self) }
            .joined(separator: "-")
    }

    private static func unchecked(_ letters: String) -> String? {
        let all = Array(letters.utf8)
        var plain: [UInt8] = []
        for start in stride(from: 0, to: 56, by: 14) {
            let part = all[start..<start + 13]
            guard checkLetter(part) == all[start + 13] else { return nil }
            plain += part
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// The Luhn check for base 32: catches one wrong letter and two swapped neighbours.
    private static func checkLetter(_ part: ArraySlice<UInt8>) -> UInt8 {
        var factor = 1
        var sum = 0
        for letter in part {
            let addend = factor * (Base32.alphabet.firstIndex(of: letter) ?? 0)
            factor = factor == 2 ? 1 : 2
            sum += addend / 32 + addend % 32
        }
        return Base32.alphabet[(32 - sum % 32) % 32]
    }
}

extension PeerID: CustomStringConvertible {
    public var description: String { text }
}

extension PeerID: ParameterValue {
    public static var schema: Schema { .string(format: nil) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = PeerID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a node id")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
