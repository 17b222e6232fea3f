/// What can happen to a pairing.
public enum PairingEvent: Sendable {
    /// The TLS handshake is done. Always the first event.
    case connected
    /// Bytes came, cut in any way.
    case received([UInt8])
    /// The answer to ``PairingAction/claimInvite`` (inviter).
    case claimed(InviteClaim)
    /// The person at the inviter typed the digits that the other screen shows.
    case typed(String)
    /// The person at the joiner said yes.
    case approved
    /// The person at this side said no, or the owner took the invite back.
    case refused
    /// The answer to ``PairingAction/storePin(_:)``: it is durable.
    case pinStored
    /// The answer to ``PairingAction/activatePin(_:)``: it is durable.
    case pinActivated
    /// The pin could not be stored or activated.
    case pinFailed
    /// A timer that ``PairingAction/startTimer(_:)`` asked for ran out.
    case timePassed(PairingTimer)
    /// The connection ended.
    case disconnected
}

/// What a pairing waits for; starting one ends the one before.
public enum PairingTimer: Sendable, CaseIterable {
    /// From the connection to M3: 10 seconds.
    case opening
    /// For the people at both sides: 120 seconds.
    case human
    /// From both approvals to the end: 30 seconds.
    case confirming

    /// How long it runs.
    public var duration: Duration {
        switch self {
        case .opening: .seconds(10)
        case .human: .seconds(120)
        case .confirming: .seconds(30)
        }
    }
}
