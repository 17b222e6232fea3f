/// The part of JSON Schema (2020-12) that Kith's requests and replies need.
public indirect enum Schema: Sendable {
    /// Text, with a JSON Schema `format` where one fits.
    case string(format: String?)
    /// One of these words.
    case choice([String])
    /// A whole number.
    case integer
    /// A number.
    case number
    /// `true` or `false`.
    case boolean
    /// A list.
    case array(Schema)
    /// An object with free keys.
    case map(Schema)
    /// An object with these fields and no others.
    case object([Parameter])

    /// The schema as a JSON value.
    public var json: JSONValue {
        switch self {
        case .string(let format): .object(["type": "string", "format": format.map(JSONValue.string)])
        case .choice(let words): .object(["type": "string", "enum": .array(words.map(JSONValue.string))])
        case .integer: .object(["type": "integer"])
        case .number: .object(["type": "number"])
        case .boolean: .object(["type": "boolean"])
        case .array(let element): .object(["type": "array", "items": element.json])
        case .map(let value): .object(["type": "object", "additionalProperties": value.json])
        case .object(let fields): Self.json(of: fields)
        }
    }

    private static func json(of fields: [Parameter]) -> JSONValue {
        var properties: [String: JSONValue] = [:]
        for field in fields {
            guard case .object(var members) = field.schema.json else { continue }
            members["description"] = .string(field.summary)
            properties[field.name] = .object(members)
        }
        let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
        return .object([
            "type": "object",
            "properties": .object(properties),
            "required": required.isEmpty ? nil : .array(required),
            "additionalProperties": false,
        ])
    }
}
