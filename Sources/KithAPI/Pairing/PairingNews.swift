/// What the owner should see next while pairing.
public struct PairingNews: Described, Equatable {
    /// What kind of news.
    public enum Kind: String, ParameterChoice {
        /// The invitation stands; `secret` is the code or the pair string.
        case invited
        /// The invite code is wanted; answer with `code`.
        case codeWanted
        /// Inviter: read the digits from the other screen and answer with `code`, or refuse.
        case typeDigits
        /// Joiner: show `digits` and ask whether the names are right; answer with `approve`.
        case showDigits
        /// Approved here; waiting for the other side.
        case waiting
        /// Something to say, for example that a wrong code was tried.
        case notice
    }

    /// What kind of news.
    public var kind: Kind
    /// The invite code or pair string.
    public var secret: String?
    /// How many seconds the invitation stands.
    public var secondsToLive: Int?
    /// With `invited`: where the other side may reach this node.
    public var addresses: [Address]?
    /// The short authentication string, for example `123 456`.
    public var digits: String?
    /// How many digits are to be typed.
    public var digitCount: Int?
    /// What the other node calls itself.
    public var peerName: PeerName?
    /// The other node's identity.
    public var peerID: PeerID?
    /// A sentence for people.
    public var message: String?

    /// A piece of news.
    public init(
        _ kind: Kind, secret: String? = nil, secondsToLive: Int? = nil, addresses: [Address]? = nil,
        digits: String? = nil, digitCount: Int? = nil,
        peerName: PeerName? = nil, peerID: PeerID? = nil, message: String? = nil
    ) {
        self.kind = kind
        self.secret = secret
        self.secondsToLive = secondsToLive
        self.addresses = addresses
        self.digits = digits
        self.digitCount = digitCount
        self.peerName = peerName
        self.peerID = peerID
        self.message = message
    }

    public static var parameters: [Parameter] {
        [
            Parameter("kind", \Self.kind, "What kind of news."),
            Parameter("secret", \Self.secret, "The invite code or pair string."),
            Parameter("secondsToLive", \Self.secondsToLive, "How many seconds the invitation stands."),
            Parameter("addresses", \Self.addresses, "Where the other side may reach this node."),
            Parameter("digits", \Self.digits, "The short authentication string."),
            Parameter("digitCount", \Self.digitCount, "How many digits are to be typed."),
            Parameter("peerName", \Self.peerName, "What the other node calls itself."),
            Parameter("peerID", \Self.peerID, "The other node's identity."),
            Parameter("message", \Self.message, "A sentence for people."),
        ]
    }
}

/// What the owner says while pairing.
public struct PairingAnswer: Described, Equatable {
    /// The invite code, or the digits from the other screen.
    public var code: String?
    /// Whether the owner agrees.
    public var approve: Bool?
    /// What the new peer gets.
    public var preset: GrantPreset?

    /// An answer.
    public init(code: String? = nil, approve: Bool? = nil, preset: GrantPreset? = nil) {
        self.code = code
        self.approve = approve
        self.preset = preset
    }

    public static var parameters: [Parameter] {
        [
            Parameter("code", \Self.code, "The invite code, or the digits from the other screen."),
            Parameter("approve", \Self.approve, "Whether the owner agrees."),
            Parameter("preset", \Self.preset, "What the new peer gets."),
        ]
    }
}

/// Whom we paired with.
public struct PairingResult: Described, Equatable {
    /// The new peer.
    public var peer: PeerStatus

    /// An end.
    public init(peer: PeerStatus) { self.peer = peer }

    public static var parameters: [Parameter] { [Parameter("peer", \Self.peer, "The new peer.")] }
}
