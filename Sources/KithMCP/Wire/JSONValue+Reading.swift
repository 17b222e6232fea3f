import KithAPI

extension JSONValue {
    /// The member of an object; nil for all else.
    subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var int: Int? {
        switch self {
        case .integer(let number): number
        case .number(let number) where number == number.rounded() && abs(number) < 1e15: Int(number)
        default: nil
        }
    }

    var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    var members: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// This object with more members; they win.
    func with(_ more: [String: JSONValue]) -> JSONValue {
        .object((members ?? [:]).merging(more) { _, new in new })
    }

    /// Any encodable value as JSON.
    init(encoding value: some Encodable) throws { self = try JSON.decode(JSONValue.self, from: JSON.encode(value)) }

    /// Reads one object that a stranger wrote: UTF-8, no key twice, at most 32 levels. Any number passes, as an id;
    /// what is counted with is guarded where it is read.
    ///
    /// - Throws: ``KithError`` `request.invalid`.
    init(reading bytes: [UInt8]) throws {
        _ = try JSONGuard.keys(of: bytes, takesAnyNumber: true)
        self = try JSON.decode(JSONValue.self, from: bytes)
    }

    /// The value as JSON on one line; no number that is not finite can come in through JSON.
    var bytes: [UInt8] { (try? JSON.encode(self)) ?? Array("null".utf8) }
}
