import KithAPI

/// Reads JSON into a tree in one pass, with the rules of ``JSONGuard``: UTF-8, no key twice, at most 32 levels. The
/// standard decoder tries every type at every value, which costs more than the rest of a request.
struct JSONReader {
    /// The bytes are no sound JSON.
    struct Unsound: Error {}

    private let bytes: [UInt8]
    private var at = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value that `bytes` are, and nothing besides.
    static func value(of bytes: [UInt8]) throws(Unsound) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Unsound() }
        var reader = JSONReader(bytes)
        let value = try reader.value(depth: 1)
        reader.skipSpace()
        guard reader.at == bytes.count else { throw Unsound() }
        return value
    }

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func take(_ wanted: UInt8) -> Bool {
        skipSpace()
        guard peek == wanted else { return false }
        at += 1
        return true
    }

    private mutating func value(depth: Int) throws(Unsound) -> JSONValue {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(Unsound) -> [String: JSONValue] {
        guard depth <= JSONGuard.maximumDepth else { throw Unsound() }
        at += 1
        var members: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw Unsound() }
            let key = try string()
            guard take(UInt8(ascii: ":")) else { throw Unsound() }
            guard members.updateValue(try value(depth: depth + 1), forKey: key) == nil else { throw Unsound() }
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw Unsound() }
        return members
    }

    private mutating func array(depth: Int) throws(Unsound) -> [JSONValue] {
        guard depth <= JSONGuard.maximumDepth else { throw Unsound() }
        at += 1
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return elements }
        repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw Unsound() }
        return elements
    }

    private mutating func word(_ text: StaticString, _ meaning: JSONValue) throws(Unsound) -> JSONValue {
        let end = at + text.utf8CodeUnitCount
        guard end <= bytes.count, String(decoding: bytes[at..<end], as: UTF8.self) == text.description else {
            throw Unsound()
        }
        at = end
        return meaning
    }

    /// As the grammar has it: no leading zero or plus sign, digits around the point. `1.0` and `1e3` are whole.
    private mutating func number() throws(Unsound) -> JSONValue {
        let start = at
        if peek == UInt8(ascii: "-") { at += 1 }
        let digits = try digits()
        guard digits.count == 1 || bytes[digits.lowerBound] != UInt8(ascii: "0") else { throw Unsound() }
        var isWhole = true
        if peek == UInt8(ascii: ".") {
            (at, isWhole) = (at + 1, false)
            _ = try self.digits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            (at, isWhole) = (at + 1, false)
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { at += 1 }
            _ = try self.digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isWhole, let whole = Int(text) { return .integer(whole) }
        guard let number = Double(text), number.isFinite else { throw Unsound() }
        return number == number.rounded() && abs(number) < 1e15 ? .integer(Int(number)) : .number(number)
    }

    private mutating func digits() throws(Unsound) -> Range<Int> {
        let start = at
        while let byte = peek, (0x30...0x39).contains(byte) { at += 1 }
        guard at > start else { throw Unsound() }
        return start..<at
    }

    private mutating func string() throws(Unsound) -> String {
        at += 1
        let start = at
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { at += 1 }
        if peek == UInt8(ascii: "\"") {
            defer { at += 1 }
            return String(decoding: bytes[start..<at], as: UTF8.self)
        }
        return try escapedString(from: start)
    }

    /// Escapes are rare; the standard decoder resolves them.
    private mutating func escapedString(from start: Int) throws(Unsound) -> String {
        while let byte = peek, byte != UInt8(ascii: "\""), byte >= 0x20 { at += byte == UInt8(ascii: "\\") ? 2 : 1 }
        guard peek == UInt8(ascii: "\"") else { throw Unsound() }
        at += 1
        guard let text = try? JSON.decode(String.self, from: Array(bytes[(start - 1)..<at])) else { throw Unsound() }
        return text
    }
}
