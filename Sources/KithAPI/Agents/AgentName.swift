/// What an agent is called on its node: 1–63 letters, digits, `.`, `_` and `-`, not starting with a dash or a dot.
public struct AgentName: Hashable, Sendable, CustomStringConvertible {
    /// The name itself.
    public let text: String

    /// Checks `text`; nil if it cannot be a name.
    public init?(_ text: String) {
        guard let name = PeerName(text) else { return nil }
        self.text = name.text
    }

    /// The nearest valid name to a word.
    public init(nearest text: String) { self.text = PeerName(nearest: text).text }

    /// The agent that every node has from the beginning.
    public static let main = AgentName(nearest: "main")

    public var description: String { text }
}

extension AgentName: ParameterValue {
    public static var schema: Schema { .string(format: nil) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let name = AgentName(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not the name of an agent")
        }
        self = name
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
