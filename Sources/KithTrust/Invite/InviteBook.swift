public import KithAPI

/// The rules of invites: one at a time, one success, one session, one look at the digits.
///
/// Pure. `now` is the time of a monotonic clock since any fixed point; the same clock every time.
public struct InviteBook: Sendable {
    /// How many wrong codes burn an invite.
    public static let wrongCodeLimit = 5
    /// How long one session may hold the invite; all its timers together are shorter.
    public static let longestSession = Duration.seconds(180)

    /// The invites that ended, oldest first; at most 64.
    public private(set) var history: [SpentInvite] = []
    private var live: LiveInvite?
    private var lastNumber = 0

    /// A book without invites.
    public init() {}

    /// Opens an invite; its mode is nine digits if three codes were burnt within a day.
    ///
    /// - Throws: ``KithError``: `pairing.busy` if one is open, `request.invalid` for a bad lifetime.
    public mutating func open(_ terms: InviteTerms, now: Duration) throws(KithError) -> Invite {
        retire(now: now)
        guard live == nil else {
            throw KithError(
                .pairingBusy, "An invite is open already.",
                hint: "Use it, or take it back: end the `kith pair` that waits for somebody, with Ctrl-C.")
        }
        let (lifetime, longest) = terms.lifetimes
        guard lifetime > .zero, lifetime <= longest else {
            throw KithError(
                .requestInvalid, "An invite of this kind stays open for at most \(longest.components.seconds) seconds.",
                hint: "Choose a shorter time.")
        }
        lastNumber += 1
        let people: PairingMode = isUnderSuspicion(now: now) ? .nineDigits : .sixDigits
        let invite = Invite(
            number: lastNumber, proof: terms.proof, mode: terms.proof.shared == nil ? people : .secret,
            grants: terms.grants, expiresAt: now + lifetime)
        live = LiveInvite(invite: invite)
        return invite
    }

    /// The open invite; nil means that a connection is to be closed at once, without a word.
    public func current(now: Duration) -> Invite? {
        live.flatMap { now < $0.invite.expiresAt && !$0.hasLapsed(now: now) ? $0.invite : nil }
    }

    /// Asks for the invite on behalf of one session that has sent a good HELLO.
    public mutating func claim(_ number: Int, now: Duration) -> InviteClaim {
        retire(now: now)
        guard let open = live, open.invite.number == number, now < open.invite.expiresAt else { return .closed }
        guard open.claimedAt == nil, now >= open.pausedUntil else { return .busy }
        live?.claimedAt = now
        return .granted
    }

    /// Tells how the session that held the invite ended. Must be called for every granted claim, and only then.
    public mutating func settle(_ number: Int, _ end: PairingEnd, now: Duration) {
        guard let open = live, open.invite.number == number, open.claimedAt != nil else { return }
        live?.claimedAt = nil
        switch end.outcome {
        case .paired: finish(.paired, now: now)
        case .failed(let reason, _) where end.spendsInvite: finish(.burnt(reason), now: now)
        case .failed(.codeWrong, byPeer: false): countWrongCode(now: now)
        case .failed: retire(now: now)
        }
    }

    /// Takes the open invite back. A session that holds it is to be told `refused`.
    public mutating func cancel(now: Duration) {
        retire(now: now)
        finish(.cancelled, now: now)
    }

    /// Whether three codes were burnt within a day: tell the owner, and compare nine digits.
    public func isUnderSuspicion(now: Duration) -> Bool {
        history.count { $0.isBurntCode && now - $0.at < .seconds(86_400) } >= 3
    }

    private mutating func countWrongCode(now: Duration) {
        guard var open = live else { return }
        open.wrongCodes += 1
        open.pausedUntil = now + .seconds(1 << (open.wrongCodes - 1))
        live = open
        if open.wrongCodes >= Self.wrongCodeLimit { finish(.burnt(.codeWrong), now: now) }
    }

    /// Lets go of an invite whose time has passed; one that a session holds stays until that ends.
    private mutating func retire(now: Duration) {
        guard let open = live else { return }
        if open.hasLapsed(now: now) { return finish(.burnt(.timedOut), now: now) }
        if open.claimedAt == nil, now >= open.invite.expiresAt { finish(.expired, now: now) }
    }

    private mutating func finish(_ reason: SpentInvite.Reason, now: Duration) {
        guard let invite = live?.invite else { return }
        history.append(SpentInvite(number: invite.number, mode: invite.mode, at: now, reason: reason))
        history.removeFirst(max(0, history.count - 64))
        live = nil
    }
}

/// The open invite, and what happened to it.
private struct LiveInvite: Sendable {
    let invite: Invite
    var wrongCodes = 0
    var pausedUntil = Duration.zero
    var claimedAt: Duration?

    /// Whether a session holds it for longer than any can.
    func hasLapsed(now: Duration) -> Bool {
        claimedAt.map { now - $0 > InviteBook.longestSession } ?? false
    }
}
