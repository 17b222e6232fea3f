public import KithAPI

/// The side that ran `kith pair`.
///
///     connected ─▶ HELLO ─▶ claim ─▶ OFFER ─▶ OPEN ─▶ digits typed ─▶ see PairingConfirmation
///
/// With a secret instead of a code nobody types: a valid proof of the secret is the approval.
public struct InviterMachine: PairingExchange {
    var session = PairingSession(role: .inviter)
    private let own: PairingMeta
    private let peer: PeerID
    private let invite: Invite
    private let secrets: PairingSecrets
    private var stage = Stage.new

    private enum Stage {
        case new, waitingForHello
        case waitingForClaim(PairingHello, EphemeralKey)
        case waitingForOpen(PairingHello, PairingOffer, EphemeralKey)
        case confirming
    }

    /// A machine for one connection. `peer` is the identity that TLS proved, never one that was said.
    public init(own: PairingMeta, peer: PeerID, invite: Invite, secrets: PairingSecrets) {
        self.own = own
        self.peer = peer
        self.invite = invite
        self.secrets = secrets
    }

    public mutating func receive(_ event: PairingEvent) -> [PairingAction] { step(event) }

    mutating func begin() -> [PairingAction] {
        guard case .new = stage else { return [] }
        guard peer != own.id else { return session.fail(.identityWrong) }
        stage = .waitingForHello
        return session.start(.opening)
    }

    mutating func take(_ message: PairingMessage) -> [PairingAction] {
        switch (stage, message) {
        case (.waitingForHello, .hello(let hello)): greet(hello)
        case (.waitingForOpen(let hello, let offer, let key), .open(let open)):
            check(.init(inviter: own.id, joiner: peer, hello: hello, offer: offer, open: open), key)
        default: session.fail(.protocolViolation)
        }
    }

    mutating func answer(_ event: PairingEvent) -> [PairingAction] {
        switch event {
        case .claimed(let claim): claimed(claim)
        case .typed(let digits): typed(digits)
        default: []
        }
    }

    private mutating func greet(_ hello: PairingHello) -> [PairingAction] {
        guard hello.mode == invite.mode.greeting,
            let key = EphemeralKey(hello.suite, privateBytes: secrets.privateKey)
        else { return session.fail(.modeRefused) }
        session.suite = hello.suite
        stage = .waitingForClaim(hello, key)
        return [.claimInvite]
    }

    private mutating func claimed(_ claim: InviteClaim) -> [PairingAction] {
        guard case .waitingForClaim(let hello, let key) = stage else { return [] }
        switch claim {
        case .busy: return session.fail(.busy)
        case .closed: return session.fail(.closed)
        case .granted: break
        }
        let offer = PairingOffer(
            suite: hello.suite, mode: invite.mode, session: secrets.session,
            publicKey: key.publicBytes, nonce: secrets.nonce, meta: own)
        stage = .waitingForOpen(hello, offer, key)
        return [session.send(.offer(offer))]
    }

    /// The commitment comes first: before it holds, nothing of this peer is shown to a person.
    private mutating func check(_ exchange: PairingTranscript.Exchange, _ key: EphemeralKey) -> [PairingAction] {
        let open = exchange.open
        let committed = PairingTranscript.commitment(of: peer, hello: exchange.hello, open: open)
        guard ConstantTime.areEqual(committed, exchange.hello.commitment) else { return session.fail(.commitmentWrong) }
        guard open.meta.id == peer else { return session.fail(.identityWrong) }
        guard open.publicKey != key.publicBytes, let secret = key.sharedSecret(with: open.publicKey) else {
            return session.fail(.keyWrong)
        }
        let transcript = PairingTranscript(exchange, secret: secret, shared: invite.proof.shared)
        guard ConstantTime.areEqual(open.codeMAC, transcript.codeMAC(invite.proof.bytes)) else {
            return session.fail(.codeWrong)
        }
        return agree(transcript, with: open.meta)
    }

    private mutating func agree(_ transcript: PairingTranscript, with meta: PairingMeta) -> [PairingAction] {
        stage = .confirming
        session.isSpent = true
        session.confirmation = PairingConfirmation(role: .inviter, transcript: transcript, peer: meta)
        guard invite.mode != .secret else { return session.start(.confirming) + session.approve() }
        return session.start(.human) + [.askForDigits(meta, count: invite.mode.digits)]
    }

    private mutating func typed(_ digits: String) -> [PairingAction] {
        guard let confirmation = session.confirmation, !confirmation.isApproved else { return [] }
        switch confirmation.transcript.shortCode(digits: invite.mode.digits).matches(digits) {
        case nil: return [.askForDigits(confirmation.peer, count: invite.mode.digits)]
        case false: return session.fail(.mismatch)
        case true: return session.approve()
        }
    }
}
