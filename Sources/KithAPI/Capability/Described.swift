/// A structure that says what its fields are, so that schemas and pages can be derived from it.
public protocol Described: Codable, Sendable, ParameterValue {
    /// Every coded field, in the order in which people should read them.
    static var parameters: [Parameter] { get }
}

extension Described {
    public static var schema: Schema { .object(parameters) }
}

/// One field of a request or a reply: its name, its type taken from the key path, and a sentence.
public struct Parameter: Sendable {
    /// The key in JSON.
    public let name: String
    /// The type, as JSON Schema says it.
    public let schema: Schema
    /// A sentence for people and agents.
    public let summary: String
    /// Whether leaving it out is an error.
    public let isRequired: Bool

    /// Describes the field at `path`, whose coding key must be `name`.
    public init<Root, Value: ParameterValue>(
        _ name: String,
        _ path: KeyPath<Root, Value>,
        _ summary: String
    ) {
        self.name = name
        self.schema = Value.schema
        self.summary = summary
        self.isRequired = !Value.isOptional
    }
}
