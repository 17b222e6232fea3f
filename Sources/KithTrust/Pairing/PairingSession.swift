/// What both machines have in common: the channel, the timer, the end.
struct PairingSession {
    let role: PairingRole
    var suite = PairingSuite.x25519
    var frames = PairingFrames()
    var confirmation: PairingConfirmation?
    /// Whether the invite is used up, whatever happens now.
    var isSpent = false
    private(set) var isEnded = false
    private var timer: PairingTimer?
    /// The peer is gone while our pin is becoming active; too late to take it back.
    private var isLost = false

    init(role: PairingRole) { self.role = role }

    mutating func start(_ timer: PairingTimer) -> [PairingAction] {
        self.timer = timer
        return [.startTimer(timer)]
    }

    func send(_ message: PairingMessage) -> PairingAction { .send(PairingFrames.frame(message.encoded)) }

    /// Takes the events of the second half; the first half belongs to the machines.
    mutating func confirm(_ event: PairingEvent) -> [PairingAction] {
        switch event {
        case .pinStored: return follow(confirmation?.pinStored())
        case .pinActivated: return follow(confirmation?.pinActivated())
        case .pinFailed: return fail(.storeFailed)
        case .refused: return fail(.refused)
        case .timePassed(let passed): return passed == timer ? fail(.timedOut) : []
        case .disconnected: return fail(.disconnected)
        default: return []
        }
    }

    /// Takes the messages of the second half; anything else is out of order.
    mutating func confirm(_ message: PairingMessage) -> [PairingAction] {
        switch (message, role) {
        case (.inviterOK(let mac), .joiner), (.joinerOK(let mac), .inviter):
            return follow(confirmation?.peerSaid(yes: mac))
        case (.done(let mac), _):
            return follow(confirmation?.peerSaid(done: mac))
        default:
            return fail(.protocolViolation)
        }
    }

    /// This side says yes.
    mutating func approve() -> [PairingAction] { follow(confirmation?.approve()) }

    /// Ends the session, keeping what crash safety needs and taking the rest back.
    mutating func fail(_ reason: PairingAbort, byPeer: Bool = false) -> [PairingAction] {
        if let confirmation, confirmation.isActive { return end(.paired(isConfirmed: false)) }
        if let confirmation, confirmation.isActivating, byPeer || reason != .storeFailed {
            isLost = true
            return []
        }
        let word = byPeer || reason == .disconnected ? [] : [send(.abort(reason))]
        return word + takeBack(reason, byPeer: byPeer) + end(.failed(reason, byPeer: byPeer))
    }

    /// A pending pin stays only if the peer may have become active without our knowing.
    private func takeBack(_ reason: PairingAbort, byPeer: Bool) -> [PairingAction] {
        guard let confirmation, confirmation.isApproved else { return [] }
        let mayBeActiveThere = confirmation.isStored && !byPeer && (reason == .disconnected || reason == .timedOut)
        return mayBeActiveThere || confirmation.isActivating ? [] : [.dropPin(confirmation.peer.id)]
    }

    private mutating func follow(_ result: Result<[PairingAction], PairingRefusal>?) -> [PairingAction] {
        switch result {
        case .success(let actions): return follow(actions)
        case .failure(let refusal): return fail(refusal.reason)
        case nil: return fail(.protocolViolation)
        }
    }

    private mutating func follow(_ actions: [PairingAction]?) -> [PairingAction] {
        guard let actions, let confirmation else { return [] }
        if confirmation.isActivating { timer = .confirming }
        if confirmation.isActive, isLost { return end(.paired(isConfirmed: false)) }
        guard confirmation.isActive, confirmation.peerIsDone else { return actions }
        return actions + end(.paired(isConfirmed: true))
    }

    private mutating func end(_ outcome: PairingEnd.Outcome) -> [PairingAction] {
        isEnded = true
        return [.end(PairingEnd(outcome: outcome, spendsInvite: isSpent))]
    }
}
