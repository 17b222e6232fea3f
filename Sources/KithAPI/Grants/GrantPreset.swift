/// A named set of grants, as people give them.
public enum GrantPreset: String, ParameterChoice {
    /// Another machine of mine: everything that a peer can hold but ``Grant/vouch``.
    case mine
    /// A machine that does work for me: commands, files, context, messages and tasks.
    case worker
    /// A machine that may look: context and presence, no change.
    case observer
    /// What pairing alone gives.
    case standard = "default"

    /// The rules of the preset.
    public var grants: GrantSet {
        switch self {
        case .mine: GrantSet(Grant.allCases.filter { $0 != .owner && $0 != .vouch }.map { GrantRule($0) })
        case .worker:
            GrantSet(
                [.observe, .exec, .terminal, .filesRead, .filesWrite, .contextRead, .contextWrite, .message, .task]
                    .map { GrantRule($0) })
        case .observer: GrantSet([.observe, .contextRead].map { GrantRule($0) })
        case .standard: GrantSet([.observe, .message, .contextRead, .contextWrite].map { GrantRule($0) })
        }
    }
}
