/// Which side of a pairing.
enum PairingRole: String {
    case inviter = "I"
    case joiner = "J"

    /// The side across.
    var other: PairingRole { self == .inviter ? .joiner : .inviter }
    /// The frame that says yes from this side.
    var okKind: PairingMessage.Kind { self == .inviter ? .inviterOK : .joinerOK }
}
