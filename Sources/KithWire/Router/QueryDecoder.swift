import KithAPI

/// Reads a query (`key=build%2Fstatus&limit=5`) as the JSON that a POST would have carried.
struct QueryDecoder {
    let parameters: [Parameter]

    /// - Throws: ``KithError`` `request.invalid` for a field that is unknown, repeated or of the wrong type.
    func json(of query: String?) throws -> [UInt8] {
        var members: [String: JSONValue] = [:]
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.unescape(parts[0]), let text = Self.unescape(parts.count > 1 ? parts[1] : "") else {
                throw KithError(.requestInvalid, "The query holds a bad percent escape.")
            }
            guard members.updateValue(try value(text, of: name), forKey: name) == nil else {
                throw KithError(.requestInvalid, "The query gives `\(name)` twice.")
            }
        }
        return try JSON.encode(JSONValue.object(members))
    }

    private func value(_ text: String, of name: String) throws -> JSONValue {
        switch parameters.first(where: { $0.name == name })?.schema {
        case .integer: Int(text).map(JSONValue.integer) ?? .string(text)
        case .number: Double(text).flatMap { $0.isFinite ? .number($0) : nil } ?? .string(text)
        case .boolean: Bool(text).map(JSONValue.bool) ?? .string(text)
        default: .string(text)
        }
    }

    static func unescape(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
