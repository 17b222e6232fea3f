import KithAPI

/// One argument of a tool, as its input schema says it.
struct Argument: Sendable {
    let name: String
    let schema: Schema
    let summary: String
    var isRequired = false
    /// What a whole number must lie in.
    var range: ClosedRange<Int>?

    init(
        _ name: String, _ schema: Schema, _ summary: String, isRequired: Bool = false, range: ClosedRange<Int>? = nil
    ) {
        (self.name, self.schema, self.summary) = (name, schema, summary)
        (self.isRequired, self.range) = (isRequired, range)
    }

    /// A field of a capability, under the name that tools give it: `secondsToLive` is `seconds_to_live`.
    init(_ parameter: Parameter) {
        self.init(
            Self.snake(parameter.name), parameter.schema, parameter.summary, isRequired: parameter.isRequired)
    }

    /// Which peer; every tool that goes anywhere takes it.
    static let peer = Argument(
        "peer", .string(format: nil),
        "The machine: a name from kith_list_peers, for example `studio`; `.` is this machine.", isRequired: true)

    /// Where what belongs to a node is kept; this machine unless given.
    static let optionalPeer = Argument(
        "peer", .string(format: nil), "The machine, a name from kith_list_peers; this machine unless given.")

    static func snake(_ name: String) -> String {
        var letters = ""
        var wasLower = false
        for letter in name {
            if letter.isUppercase, wasLower { letters += "_" }
            letters += letter.lowercased()
            wasLower = letter.isLowercase
        }
        return letters
    }

    var json: JSONValue {
        schema.json.with(
            [
                "description": .string(summary), "minimum": (range?.lowerBound).map { .integer($0) },
                "maximum": (range?.upperBound).map { .integer($0) },
            ].compactMapValues { $0 })
    }

    /// The input schema of a tool with these arguments.
    static func schema(_ all: [Argument]) -> JSONValue {
        let required = all.filter(\.isRequired).map { JSONValue.string($0.name) }
        return .object([
            "type": "object",
            "properties": .object(Dictionary(all.map { ($0.name, $0.json) }) { first, _ in first }),
            "required": required.isEmpty ? nil : .array(required),
            "additionalProperties": false,
        ])
    }
}
