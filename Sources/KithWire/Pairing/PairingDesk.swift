public import KithAPI
public import KithTrust
import NIOCore
import Synchronization

/// Where this node pairs: keeps the one invitation, receives those who come, and goes to others.
///
/// Inviting and joining are local-door operations; the network only ever sees `kith-pair/1`.
public final class PairingDesk: Sendable {
    /// What the desk must know about its node.
    public struct Surroundings: Sendable {
        /// What we say about ourselves.
        public let meta: @Sendable () -> PairingMeta?
        /// Where others reach us, for the pair string.
        public let addresses: @Sendable () -> [Address]
        /// Where a discovered name, a prefix of an id, or an address leads.
        public let resolve: @Sendable (String) async throws -> [Address]
        /// Told when an invitation opens and when it ends, for the advert.
        public let invites: @Sendable (Bool) async -> Void
        /// What the owner sees of a new peer.
        public let describe: @Sendable (PeerID) async throws -> PeerStatus

        /// All five.
        public init(
            meta: @escaping @Sendable () -> PairingMeta?, addresses: @escaping @Sendable () -> [Address],
            resolve: @escaping @Sendable (String) async throws -> [Address],
            invites: @escaping @Sendable (Bool) async -> Void,
            describe: @escaping @Sendable (PeerID) async throws -> PeerStatus
        ) {
            self.meta = meta
            self.addresses = addresses
            self.resolve = resolve
            self.invites = invites
            self.describe = describe
        }
    }

    /// The limits of connections before a claim.
    enum Limits {
        static let halfOpen = 16
        static let perSource = 2
    }

    let book: TrustBook
    let surroundings: Surroundings
    let dialer: PairingDialer
    private let state = Mutex(State())
    private let start = ContinuousClock.now

    private struct State {
        var invites = InviteBook()
        var seat: PairingSeat?
        var sources: [String: Int] = [:]
    }

    /// A desk without an invitation.
    public init(identity: Identity, book: TrustBook, surroundings: Surroundings) throws {
        self.book = book
        self.surroundings = surroundings
        dialer = PairingDialer(identity: try TLSIdentity(identity))
    }

    /// Whether strangers may finish a TLS handshake now.
    public var isOpen: Bool {
        let now = now
        return state.withLock { $0.invites.current(now: now) != nil }
    }

    var now: Duration { ContinuousClock.now - start }

    // MARK: Inviting

    /// Opens the door for one, and leads the owner through the confirmation.
    ///
    /// - Throws: ``KithError`` of the pairing; `timed_out` if nobody came; `cancelled` if the owner went away.
    public func invite(_ request: InvitePeer, over pipe: Duplex) async throws -> PairingResult {
        let person = PairingPerson(pipe, preset: request.preset)
        let proof: InviteProof = request.asString == true ? .secret(.random()) : .code(.random())
        let terms = InviteTerms(
            proof, grants: request.preset?.grants, lifetime: request.secondsToLive.map { .seconds($0) })
        let now = now
        let invite = try state.withLock { state throws(KithError) in try state.invites.open(terms, now: now) }
        let seat = PairingSeat(invite: invite, person: person)
        state.withLock { $0.seat = seat }
        do {
            try await person.show(try news(of: invite))
            await surroundings.invites(true)
            let peer = try await attend(seat, pipe)
            await close(seat)
            return PairingResult(peer: try await surroundings.describe(peer))
        } catch {
            await close(seat)
            throw error
        }
    }

    private func attend(_ seat: PairingSeat, _ pipe: Duplex) async throws -> PeerID {
        let limit = seat.invite.expiresAt - now
        return try await withThrowingTaskGroup(of: PeerID?.self) { group in
            group.addTask {
                try await seat.person.listen(to: pipe)
                throw KithError(.cancelled, "The invitation was withdrawn.")
            }
            group.addTask {
                try await Task.sleep(for: limit)
                // Who came in time may finish; the claim itself is bounded.
                while self.holdsClaim(seat) { try await Task.sleep(for: .seconds(1)) }
                throw KithError(.timedOut, "Nobody came.", hint: "Run `kith pair` again when the other side is ready.")
            }
            group.addTask { try await seat.outcome.next() }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let peer = finished { return peer }
            }
            throw CancellationError()
        }
    }

    private func holdsClaim(_ seat: PairingSeat) -> Bool { seat.claimant.withLock { $0 != nil } }

    private func close(_ seat: PairingSeat) async {
        let now = now
        state.withLock { state in
            guard state.seat === seat else { return }
            state.invites.cancel(now: now)
            state.seat = nil
        }
        await seat.person.answers.finish()
        await surroundings.invites(false)
    }

    private func news(of invite: Invite) throws -> PairingNews {
        let seconds = Int((invite.expiresAt - now) / .seconds(1))
        switch invite.proof {
        case .code(let code):
            let caution =
                invite.mode == .nineDigits
                ? "Three codes came to nothing today: somebody may be trying. Nine digits are compared now." : nil
            return PairingNews(
                .invited, secret: code.text, secondsToLive: seconds, addresses: surroundings.addresses(),
                message: caution)
        case .secret(let secret):
            guard let meta = surroundings.meta(),
                let string = PairString(
                    inviter: meta.id, secret: secret, addresses: Array(surroundings.addresses().prefix(8)),
                    expiresAt: .init(timeIntervalSinceNow: Double(seconds)))
            else { throw KithError(.unavailable, "This node listens nowhere.", hint: "See `kith doctor`.") }
            return PairingNews(.invited, secret: string.text, secondsToLive: seconds)
        }
    }

    // MARK: Receiving

    /// Serves a connection of the peer door that speaks `kith-pair/1`; without an invitation it is closed at once.
    func receive(_ stream: PairingStream, from certificate: Certificate, source: String) async {
        guard let (seat, machine) = admit(certificate.id, source) else {
            try? await stream.executeThenClose { _, _ in }
            return
        }
        defer { leave(source) }
        let visit = ObjectIdentifier(stream.channel)
        let conversation = PairingConversation(
            stream: stream, certificate: certificate, host: source, person: seat.person, book: book,
            side: .init(
                claim: { self.claim(seat, visit) },
                grants: seat.invite.mode == .secret ? seat.invite.grants ?? seat.person.grants : nil))
        let end: Result<KithTrust.PairingEnd, any Error>
        do { end = .success(try await conversation.run(machine)) } catch { end = .failure(error) }
        await settle(seat, visit, end, certificate.id)
    }

    private func admit(_ id: PeerID, _ source: String) -> (PairingSeat, InviterMachine)? {
        guard let meta = surroundings.meta() else { return nil }
        let now = now
        return state.withLock { state in
            guard let invite = state.invites.current(now: now), let seat = state.seat,
                seat.invite.number == invite.number,
                state.sources.values.reduce(0, +) < Limits.halfOpen,
                state.sources[source, default: 0] < Limits.perSource
            else { return nil }
            state.sources[source, default: 0] += 1
            return (seat, InviterMachine(own: meta, peer: id, invite: invite, secrets: .random()))
        }
    }

    private func leave(_ source: String) {
        state.withLock { $0.sources.countDown(source) }
    }

    private func claim(_ seat: PairingSeat, _ visit: ObjectIdentifier) -> InviteClaim {
        let now = now
        let claim = state.withLock { $0.invites.claim(seat.invite.number, now: now) }
        if claim == .granted { seat.claimant.withLock { $0 = visit } }
        return claim
    }

    /// Only the visit that held the claim gives it back, however others end meanwhile.
    private func settle(
        _ seat: PairingSeat, _ visit: ObjectIdentifier, _ end: Result<KithTrust.PairingEnd, any Error>, _ peer: PeerID
    ) async {
        switch end {
        case .success(let end):
            let now = now
            let wasClaimed = seat.claimant.withLock { claimant in
                guard claimant == visit else { return false }
                claimant = nil
                return true
            }
            state.withLock { if wasClaimed { $0.invites.settle(seat.invite.number, end, now: now) } }
            await announce(end, to: seat, peer)
        case .failure(let error):
            await seat.outcome.fail(error)
        }
    }

    private func announce(_ end: KithTrust.PairingEnd, to seat: PairingSeat, _ peer: PeerID) async {
        guard let error = end.error else {
            try? await seat.outcome.push(peer)
            return
        }
        if end.spendsInvite || !isOpen {
            await seat.outcome.fail(error)
        } else if error.code == .pairingCodeWrong {
            try? await seat.person.show(
                PairingNews(.notice, message: "Somebody tried a wrong code. The invitation still stands."))
        }
    }
}

/// An open invitation and the person who gave it.
final class PairingSeat: Sendable {
    let invite: Invite
    let person: PairingPerson
    /// Whom we paired with, or why not.
    let outcome = BoundedQueue<PeerID>(limit: 1)
    /// The visit that holds the invitation.
    let claimant = Mutex<ObjectIdentifier?>(nil)

    init(invite: Invite, person: PairingPerson) {
        self.invite = invite
        self.person = person
    }
}
