/// The second half of a pairing, the same on both sides: from the digits to the pins.
///
///     own yes ─▶ store pending ─▶ send OK ─┐
///                         peer's OK ───────┴─▶ activate ─▶ send DONE ─┐
///                                                    peer's DONE ─────┴─▶ paired
struct PairingConfirmation {
    let role: PairingRole
    let transcript: PairingTranscript
    let peer: PairingMeta

    private(set) var isApproved = false
    private(set) var isStored = false
    private(set) var isActivating = false
    private(set) var isActive = false
    private var peerApproved = false
    private(set) var peerIsDone = false

    init(role: PairingRole, transcript: PairingTranscript, peer: PairingMeta) {
        self.role = role
        self.transcript = transcript
        self.peer = peer
    }

    /// This side says yes: a person did, or the secret speaks for one.
    mutating func approve() -> [PairingAction] {
        guard !isApproved else { return [] }
        isApproved = true
        return [.storePin(peer)]
    }

    /// The pending pin is durable: only now may the peer hear of our yes.
    mutating func pinStored() -> [PairingAction] {
        guard isApproved, !isStored else { return [] }
        isStored = true
        let mac = transcript.okMAC(role)
        let yes: PairingMessage = role == .inviter ? .inviterOK(mac: mac) : .joinerOK(mac: mac)
        return [.send(PairingFrames.frame(yes.encoded))] + activateIfAgreed()
    }

    /// The peer's yes; nil unless it is the first.
    mutating func peerSaid(yes mac: [UInt8]) -> Result<[PairingAction], PairingRefusal> {
        guard !peerApproved else { return .failure(.init(.protocolViolation)) }
        guard ConstantTime.areEqual(mac, transcript.okMAC(role.other)) else { return .failure(.init(.macWrong)) }
        peerApproved = true
        return .success(activateIfAgreed())
    }

    /// The active pin is durable.
    mutating func pinActivated() -> [PairingAction] {
        guard isActivating, !isActive else { return [] }
        isActive = true
        return [.send(PairingFrames.frame(PairingMessage.done(mac: transcript.doneMAC(role)).encoded))]
    }

    /// The peer has stored its pin, which it can only have done after both said yes.
    mutating func peerSaid(done mac: [UInt8]) -> Result<[PairingAction], PairingRefusal> {
        guard isActivating, !peerIsDone else { return .failure(.init(.protocolViolation)) }
        guard ConstantTime.areEqual(mac, transcript.doneMAC(role.other)) else { return .failure(.init(.macWrong)) }
        peerIsDone = true
        return .success([])
    }

    private mutating func activateIfAgreed() -> [PairingAction] {
        guard isStored, peerApproved, !isActivating else { return [] }
        isActivating = true
        return [.activatePin(peer.id), .startTimer(.confirming)]
    }
}

/// A step that ends the pairing.
struct PairingRefusal: Error, Equatable {
    let reason: PairingAbort

    init(_ reason: PairingAbort) { self.reason = reason }
}
