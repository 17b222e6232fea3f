public import FoundationEssentials

/// One line of what a peer may, or may not, do.
public struct GrantRule: Codable, Sendable, Equatable {
    /// Whether the rule opens or closes.
    public enum Effect: String, ParameterChoice {
        case allow, deny
        /// Open, once the owner has approved the very request. For commands only.
        case ask
    }

    /// What it is about.
    public var grant: Grant
    /// Allow unless said otherwise.
    public var effect: Effect
    /// What it is limited to, in the terms of the grant; empty means all. For commands: programs, with patterns of
    /// their arguments behind them (`git status **`).
    public var scope: [String]
    /// When it ends; nil means never.
    public var expiresAt: Date?
    /// Within what commands and terminals run that this rule opens; nil means without bounds.
    public var bounds: ExecBounds?

    /// A rule for `grant`.
    public init(
        _ grant: Grant, _ effect: Effect = .allow, scope: [String] = [], expiresAt: Date? = nil,
        bounds: ExecBounds? = nil
    ) {
        self.grant = grant
        self.effect = effect
        self.scope = scope
        self.expiresAt = expiresAt
        self.bounds = bounds
    }

    /// Whether the rule lets through, at once or after the owner's word. Only commands and terminals can be asked for.
    public var opens: Bool { effect == .allow || (effect == .ask && grant.canBeAskedFor) }

    /// How exactly the rule names `object`: 0 for "everything", the length of the scope that fits, nil for no fit.
    func specificity(for object: String?) -> Int? {
        guard !scope.isEmpty else { return 0 }
        guard let object else { return effect == .deny ? nil : 0 }
        return scope.filter { covers($0, object) }.map(\.utf8.count).max()
    }

    /// Byte for byte: letters that merge with their neighbours must not make a rule miss.
    private func covers(_ scope: String, _ object: String) -> Bool {
        switch grant {
        case .filesRead, .filesWrite:
            object.utf8.elementsEqual(scope.utf8)
                || object.utf8.starts(with: (scope.hasSuffix("/") ? scope : scope + "/").utf8)
        case .contextRead, .contextWrite:
            object.utf8.starts(with: scope.utf8)
        default:
            object.utf8.elementsEqual(scope.utf8)
        }
    }
}

extension GrantRule: Described {
    public static var parameters: [Parameter] {
        [
            Parameter("grant", \Self.grant, "What the rule is about."),
            Parameter("effect", \Self.effect, "Whether it opens or closes."),
            Parameter("scope", \Self.scope, "What it is limited to: programs, folders or key prefixes; empty is all."),
            Parameter("expiresAt", \Self.expiresAt, "When it ends."),
            Parameter("bounds", \Self.bounds, "Within what its commands and terminals run."),
        ]
    }
}
