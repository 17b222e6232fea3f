public import KithAPI

/// What the driver of a pairing must do: in this order, one after the other.
public enum PairingAction: Sendable, Equatable {
    /// Write these bytes (one frame) to the channel.
    case send([UInt8])
    /// Ask the ``InviteBook`` for the invite, then report ``PairingEvent/claimed(_:)`` (inviter).
    case claimInvite
    /// Ask the person for the digits on the other screen, then report `typed` or `refused` (inviter).
    ///
    /// Comes again after something that was not so many digits. The digits themselves are not
    /// given out on this side: a person who sees them would copy them from the wrong screen.
    case askForDigits(PairingMeta, count: Int)
    /// Show the digits, ask whether the other machine took them, then report `approved` or `refused` (joiner).
    case askForApproval(PairingMeta, ShortCode)
    /// Store the peer as pending, durably, then report `pinStored` or `pinFailed`.
    case storePin(PairingMeta)
    /// Make the pin active, durably, then report `pinActivated` or `pinFailed`.
    case activatePin(PeerID)
    /// Take the pending pin back; an active pin of that peer stays as it is.
    case dropPin(PeerID)
    /// Report `timePassed` after the timer's duration, unless another is started before.
    case startTimer(PairingTimer)
    /// The last action, exactly once: close the channel after what was sent has gone out.
    case end(PairingEnd)
}

/// How a pairing ended.
public struct PairingEnd: Sendable, Equatable {
    /// What came of it.
    public enum Outcome: Sendable, Equatable {
        /// The pin is active here; `isConfirmed` says whether the peer reported the same.
        case paired(isConfirmed: Bool)
        /// Nothing is active here; `byPeer` says which side gave the reason.
        case failed(PairingAbort, byPeer: Bool)
    }

    /// What came of it.
    public let outcome: Outcome
    /// Whether the invite was used up: the digits were shown, or the secret was proved.
    public let spendsInvite: Bool

    /// The error for people, unless the sides are paired.
    public var error: KithError? {
        guard case .failed(let reason, let byPeer) = outcome else { return nil }
        return reason.error(byPeer: byPeer)
    }
}
