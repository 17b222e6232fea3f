public import KithAPI

/// The side that ran `kith pair HOST`, or was given a pair string.
///
///     connected ─▶ HELLO … OFFER ─▶ OPEN ─▶ digits approved ─▶ see PairingConfirmation
///
/// With a pair string nobody is asked: the string names the one key that is accepted.
public struct JoinerMachine: PairingExchange {
    var session = PairingSession(role: .joiner)
    private let own: PairingMeta
    private let peer: PeerID
    private let ticket: PairingTicket
    private let secrets: PairingSecrets
    private var stage = Stage.new

    private enum Stage {
        case new
        case waitingForOffer(PairingHello, PairingOpen, EphemeralKey)
        case confirming
    }

    /// A machine for one connection. `peer` is the identity that TLS proved, never one that was said.
    public init(own: PairingMeta, peer: PeerID, ticket: PairingTicket, secrets: PairingSecrets) {
        self.own = own
        self.peer = peer
        self.ticket = ticket
        self.secrets = secrets
    }

    public mutating func receive(_ event: PairingEvent) -> [PairingAction] { step(event) }

    mutating func begin() -> [PairingAction] {
        guard case .new = stage else { return [] }
        guard peer != own.id, ticket.inviter.map({ $0 == peer }) ?? true else { return session.fail(.identityWrong) }
        guard let key = EphemeralKey(ticket.suite, privateBytes: secrets.privateKey) else {
            return session.fail(.keyWrong)
        }
        session.suite = ticket.suite
        let open = PairingOpen(publicKey: key.publicBytes, nonce: secrets.nonce, meta: own, codeMAC: [])
        var hello = PairingHello(
            suite: ticket.suite, mode: ticket.proof.greeting, session: secrets.session, commitment: [])
        hello.commitment = PairingTranscript.commitment(of: own.id, hello: hello, open: open)
        stage = .waitingForOffer(hello, open, key)
        return session.start(.opening) + [session.send(.hello(hello))]
    }

    mutating func take(_ message: PairingMessage) -> [PairingAction] {
        guard case .waitingForOffer(let hello, let open, let key) = stage, case .offer(let offer) = message else {
            return session.fail(.protocolViolation)
        }
        return check(.init(inviter: peer, joiner: own.id, hello: hello, offer: offer, open: open), key)
    }

    mutating func answer(_ event: PairingEvent) -> [PairingAction] {
        guard case .approved = event, session.confirmation != nil else { return [] }
        return session.approve()
    }

    private mutating func check(_ exchange: PairingTranscript.Exchange, _ key: EphemeralKey) -> [PairingAction] {
        let offer = exchange.offer
        guard offer.suite == ticket.suite, offer.mode.greeting == ticket.proof.greeting else {
            return session.fail(.modeRefused)
        }
        guard offer.meta.id == peer else { return session.fail(.identityWrong) }
        guard offer.publicKey != key.publicBytes, let secret = key.sharedSecret(with: offer.publicKey) else {
            return session.fail(.keyWrong)
        }
        let transcript = PairingTranscript(exchange, secret: secret, shared: ticket.proof.shared)
        var open = exchange.open
        open.codeMAC = transcript.codeMAC(ticket.proof.bytes)
        return [session.send(.open(open))] + agree(transcript, on: offer)
    }

    private mutating func agree(_ transcript: PairingTranscript, on offer: PairingOffer) -> [PairingAction] {
        stage = .confirming
        session.isSpent = true
        session.confirmation = PairingConfirmation(role: .joiner, transcript: transcript, peer: offer.meta)
        guard offer.mode != .secret else { return session.start(.confirming) + session.approve() }
        return session.start(.human) + [.askForApproval(offer.meta, transcript.shortCode(digits: offer.mode.digits))]
    }
}
