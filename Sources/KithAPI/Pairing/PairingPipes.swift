/// Opens this node for one new peer, and leads its owner through the confirmation.
///
/// Frames down: `event` ``PairingNews``; up: `event` ``PairingAnswer``. Going away withdraws the invitation.
public struct InvitePeer: Pipe {
    /// Print a one-time pair string that needs no second human, instead of a code with confirmation.
    public var asString: Bool?
    /// How long the invitation stands: 300 s for a code, 600 s for a string, at most a day for a string.
    public var secondsToLive: Int?
    /// What the new peer gets; asked for at the confirmation unless given.
    public var preset: GrantPreset?

    /// A request to open the door for one.
    public init(asString: Bool? = nil, secondsToLive: Int? = nil, preset: GrantPreset? = nil) {
        self.asString = asString
        self.secondsToLive = secondsToLive
        self.preset = preset
    }

    public typealias End = PairingResult
    public static var name: String { "pair.invite" }
    public static var summary: String { "Open this node for one new peer." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] {
        [
            Parameter("asString", \Self.asString, "Print a one-time pair string instead of a code."),
            Parameter("secondsToLive", \Self.secondsToLive, "How long the invitation stands."),
            Parameter("preset", \Self.preset, "What the new peer gets."),
        ]
    }
    public static var example: InvitePeer { InvitePeer(preset: .mine) }
}

/// Pairs with a node that has invited. Frames as in ``InvitePeer``.
public struct JoinPeer: Pipe {
    /// A discovered name, a prefix of an id, or an address; not needed with `pairString`.
    public var target: String?
    /// The invite code `XXXX-XXXX`; asked for if it is not given.
    public var code: String?
    /// The one-time pair string of the other side, instead of a code.
    public var pairString: String?
    /// Approve by oneself if the other node has this id.
    public var expectedID: String?
    /// What the new peer gets; asked for at the confirmation unless given.
    public var preset: GrantPreset?
    /// Take the place of a known peer of the same name whose key has changed.
    public var replace: Bool?

    /// A request to pair with `target`.
    public init(
        target: String? = nil, code: String? = nil, pairString: String? = nil, expectedID: String? = nil,
        preset: GrantPreset? = nil, replace: Bool? = nil
    ) {
        self.target = target
        self.code = code
        self.pairString = pairString
        self.expectedID = expectedID
        self.preset = preset
        self.replace = replace
    }

    public typealias End = PairingResult
    public static var name: String { "pair.join" }
    public static var summary: String { "Pair with a node that has invited." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] {
        [
            Parameter("target", \Self.target, "A discovered name, a prefix of an id, or an address."),
            Parameter("code", \Self.code, "The invite code."),
            Parameter("pairString", \Self.pairString, "The one-time pair string of the other side."),
            Parameter("expectedID", \Self.expectedID, "Approve by oneself if the other node has this id."),
            Parameter("preset", \Self.preset, "What the new peer gets."),
            Parameter("replace", \Self.replace, "Take the place of a known peer whose key has changed."),
        ]
    }
    /// Whom to pair with; a pair string that was given in its place by mistake is no business of the log.
    public var object: String? { target?.hasPrefix("kith1:") == true ? nil : target }
    public static var example: JoinPeer { JoinPeer(target: "studio", code: "7K3M-Q2XD") }
}
