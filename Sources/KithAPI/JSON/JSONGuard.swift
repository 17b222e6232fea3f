/// Refuses hostile JSON before any decoder sees it.
///
/// RFC 8259 leaves duplicate keys, depth and the size of numbers to the receiver; we refuse duplicates, more than
/// 32 levels, bytes that are not UTF-8, and numbers beyond 2^53: whoever adds two of those, or makes milliseconds of
/// seconds, still has a number that fits, so that nobody's arithmetic can end a program. One pass, no allocation but
/// for the keys.
public struct JSONGuard {
    /// How many objects and lists may stand inside each other.
    public static let maximumDepth = 32
    /// The largest number on either side of 0: the last up to which every whole number is exact in every language.
    public static let largestNumber = 9_007_199_254_740_992.0

    private let bytes: [UInt8]
    private let takesAnyNumber: Bool
    private var position = 0
    private var topKeys: Set<String> = []

    private init(_ bytes: [UInt8], takesAnyNumber: Bool) {
        self.bytes = bytes
        self.takesAnyNumber = takesAnyNumber
    }

    /// Checks one JSON object and returns its own keys (not those inside it).
    ///
    /// - Parameter takesAnyNumber: for a document that is edited as text, whose numbers nobody counts with.
    /// - Throws: ``KithError`` with code `request.invalid`.
    public static func keys(of bytes: [UInt8], takesAnyNumber: Bool = false) throws(KithError) -> Set<String> {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw refusal("it is not valid UTF-8") }
        var scan = JSONGuard(bytes, takesAnyNumber: takesAnyNumber)
        scan.skipSpace()
        guard scan.peek == UInt8(ascii: "{") else { throw refusal("it must be a JSON object") }
        try scan.value(depth: 1)
        scan.skipSpace()
        guard scan.position == bytes.count else { throw refusal("something follows the JSON object") }
        return scan.topKeys
    }

    private static func refusal(_ why: String) -> KithError {
        KithError(.requestInvalid, "The request was refused: \(why).", hint: "Send one JSON object.")
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ wanted: UInt8) -> Bool {
        skipSpace()
        guard peek == wanted else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(KithError) {
        guard depth <= Self.maximumDepth else { throw Self.refusal("it is nested too deeply") }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try list(depth: depth)
        case UInt8(ascii: "\""): _ = try string()
        case nil: throw Self.refusal("it ends too early")
        default: try scalar()
        }
    }

    private mutating func object(depth: Int) throws(KithError) {
        position += 1
        var seen: Set<String> = []
        if take(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw Self.refusal("a key is missing") }
            let key = try string()
            guard seen.insert(key).inserted else { throw Self.refusal("the key `\(key)` comes twice") }
            guard take(UInt8(ascii: ":")) else { throw Self.refusal("a colon is missing") }
            try value(depth: depth + 1)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw Self.refusal("an object does not end") }
        if depth == 1 { topKeys = seen }
    }

    private mutating func list(depth: Int) throws(KithError) {
        position += 1
        if take(UInt8(ascii: "]")) { return }
        repeat { try value(depth: depth + 1) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw Self.refusal("a list does not end") }
    }

    private mutating func scalar() throws(KithError) {
        let start = position
        while let byte = peek, Self.scalarBytes.contains(byte) { position += 1 }
        guard position > start else { throw Self.refusal("a value is missing") }
        guard takesAnyNumber || isModest(start..<position) else {
            throw Self.refusal("a number in it is larger than 2^53")
        }
    }

    /// Whether a number is one that can be counted with; what is no number is the decoder's business.
    private func isModest(_ token: Range<Int>) -> Bool {
        if token.count <= 15, !bytes[token].contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) { return true }
        guard let number = Double(String(decoding: bytes[token], as: UTF8.self)) else { return true }
        return number.magnitude <= Self.largestNumber
    }

    private static let scalarBytes = Set("+-.0123456789Eaeflnrstu".utf8)

    /// Reads a string; keys are compared after `\u` escapes are resolved by the standard decoder.
    private mutating func string() throws(KithError) -> String {
        let start = position
        position += 1
        while let byte = peek, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw Self.refusal("a string holds a control character") }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard position < bytes.count else { throw Self.refusal("a string does not end") }
        position += 1
        let raw = Array(bytes[start..<position])
        guard raw.contains(UInt8(ascii: "\\")) else {
            return String(decoding: raw.dropFirst().dropLast(), as: UTF8.self)
        }
        guard let text = try? JSON.decode(String.self, from: raw) else {
            throw Self.refusal("a string has a bad escape")
        }
        return text
    }
}
