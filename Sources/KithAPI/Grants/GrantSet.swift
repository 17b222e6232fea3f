public import FoundationEssentials

/// Everything that one peer may do.
///
/// The rule that names the object most closely decides; of rules equally close deny beats ask, and ask beats allow.
/// Here the question is whether a grant is held at all; which *commands* the rules of ``Grant/exec`` and
/// ``Grant/terminal`` open is decided where they are started, with the same precedence over program and arguments.
public struct GrantSet: Sendable, Equatable {
    /// The rules, in the order in which they were given; at most 64.
    public var rules: [GrantRule]

    /// A set of rules; an empty one allows nothing.
    public init(_ rules: [GrantRule] = []) { self.rules = rules }

    /// Whether `grant` is held for `object` (a program, a path, a key; nil asks for "at all").
    ///
    /// ``Grant/owner`` is refused whatever the rules say.
    public func allows(_ grant: Grant, on object: String? = nil, at now: Date) -> Bool {
        decidingRule(for: grant, on: object, at: now)?.opens == true
    }

    /// The rule that decides, or nil where nothing was granted.
    public func decidingRule(for grant: Grant, on object: String? = nil, at now: Date) -> GrantRule? {
        guard grant != .owner else { return nil }
        return live(grant, at: now)
            .compactMap { rule in rule.specificity(for: object).map { (rule, $0) } }
            .max { ($0.1, $0.0.opens ? 0 : 1) < ($1.1, $1.0.opens ? 0 : 1) }?
            .0
    }

    /// The rules about `grant` that have not expired.
    public func live(_ grant: Grant, at now: Date) -> [GrantRule] {
        rules.filter { rule in rule.grant == grant && rule.expiresAt.map { now < $0 } ?? true }
    }
}

extension GrantSet: ParameterValue {
    public static var schema: Schema { .array(GrantRule.schema) }

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([GrantRule].self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rules)
    }
}
