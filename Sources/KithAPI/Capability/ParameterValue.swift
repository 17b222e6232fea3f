public import FoundationEssentials

/// A type that a field of a request or a reply may have.
public protocol ParameterValue: Codable, Sendable {
    /// Its JSON Schema.
    static var schema: Schema { get }
    /// Whether the field may be left out.
    static var isOptional: Bool { get }
}

extension ParameterValue {
    public static var isOptional: Bool { false }
}

extension String: ParameterValue {
    public static var schema: Schema { .string(format: nil) }
}

extension Int: ParameterValue {
    public static var schema: Schema { .integer }
}

extension Double: ParameterValue {
    public static var schema: Schema { .number }
}

extension Bool: ParameterValue {
    public static var schema: Schema { .boolean }
}

extension Date: ParameterValue {
    public static var schema: Schema { .string(format: "date-time") }
}

extension Array: ParameterValue where Element: ParameterValue {
    public static var schema: Schema { .array(Element.schema) }
}

extension Dictionary: ParameterValue where Key == String, Value: ParameterValue {
    public static var schema: Schema { .map(Value.schema) }
}

extension Optional: ParameterValue where Wrapped: ParameterValue {
    public static var schema: Schema { Wrapped.schema }
    public static var isOptional: Bool { true }
}

/// A closed list of words, for example a grant or a file kind.
public protocol ParameterChoice: ParameterValue, CaseIterable, RawRepresentable<String> {}

extension ParameterChoice {
    public static var schema: Schema { .choice(allCases.map(\.rawValue)) }
}
