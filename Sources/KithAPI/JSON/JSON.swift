import FoundationEssentials

/// Kith's one way of writing and reading JSON: sorted keys, plain slashes, ISO 8601 times.
public enum JSON {
    /// Writes `value` on one line.
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return Array(try encoder.encode(value))
    }

    /// Reads a `Value`; the caller has already put hostile bytes through ``JSONGuard``.
    ///
    /// - Throws: ``KithError`` with code `request.invalid` that names the field.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw KithError(.requestInvalid, explain(error), hint: "Compare it with GET /v1/openapi.json.")
        }
    }

    private static func explain(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _):
            "The field `\(key.stringValue)` is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "The field `\(path(context))` has the wrong type."
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            "The field `\(path(context))` has a value that does not fit."
        default:
            "The JSON cannot be read."
        }
    }

    private static func path(_ context: DecodingError.Context) -> String {
        context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}
