public import KithAPI

/// One open door for one machine.
public struct Invite: Sendable {
    /// Which invite of this run of the daemon.
    public let number: Int
    /// What the joiner must know.
    public let proof: InviteProof
    /// How the two sides convince each other.
    public let mode: PairingMode
    /// What the joiner is to be given, if the invite says so; needed where nobody is asked.
    public let grants: GrantSet?
    /// When it ends, on the monotonic clock of the ``InviteBook``.
    public let expiresAt: Duration
}

/// What an invite is to be.
public struct InviteTerms: Sendable {
    /// A code for people, or a secret for machines.
    public var proof: InviteProof
    /// What the joiner is to be given, if that is decided already.
    public var grants: GrantSet?
    /// How long it stays open: at most 300 s with a code, 24 h with a secret; nil for 300 s and 600 s.
    public var lifetime: Duration?

    /// Terms for ``InviteBook/open(_:now:)``.
    public init(_ proof: InviteProof, grants: GrantSet? = nil, lifetime: Duration? = nil) {
        self.proof = proof
        self.grants = grants
        self.lifetime = lifetime
    }

    /// The lifetime in force, and the longest possible.
    var lifetimes: (chosen: Duration, longest: Duration) {
        guard proof.shared != nil else { return (lifetime ?? .seconds(300), .seconds(300)) }
        return (lifetime ?? .seconds(600), .seconds(86_400))
    }
}

/// Whether a session may go past M1.
public enum InviteClaim: Sendable, Equatable {
    /// It is the only one, until it ends.
    case granted
    /// Another session holds the invite, or a wrong code made it pause.
    case busy
    /// The invite has ended.
    case closed
}

/// An invite that has ended.
public struct SpentInvite: Sendable, Equatable {
    /// Why.
    public enum Reason: Sendable, Equatable {
        /// It served its purpose.
        case paired
        /// Something went wrong that could have been an attack; the reason is what both screens say.
        case burnt(PairingAbort)
        /// Nobody came.
        case expired
        /// The owner took it back.
        case cancelled
    }

    /// Which invite.
    public let number: Int
    /// How it was to convince.
    public let mode: PairingMode
    /// When it ended, on the monotonic clock.
    public let at: Duration
    /// Why it ended.
    public let reason: Reason

    /// Whether the digits were shown for nothing.
    var isBurntCode: Bool {
        guard mode != .secret, case .burnt(let why) = reason else { return false }
        return why != .codeWrong
    }
}
