import Dispatch
public import FoundationEssentials
public import KithAPI
import Synchronization

/// Whom this node trusts: one key per peer, and what each may do.
///
/// Reading is immediate, from any thread, also from a callback of the TLS library. A change is
/// written to `trust.json` and fsynced on a queue of the book's own before anybody can see it.
public final class TrustBook: Sendable {
    private let file: TrustFile
    private let now: @Sendable () -> Date
    private let content: Mutex<TrustContent>
    let shelf = Mutex(VoucherShelf())
    private let observers = Mutex<[@Sendable (TrustChange) -> Void]>([])
    private let queue = DispatchQueue(label: "kith.trust-book")

    /// The pairings that are being decided.
    public let pairings = PairingsUnderWay()

    /// The most peers, pending ones included.
    public static let maximumPeers = TrustContent.maximumPeers

    /// Opens the book in `folder` (mode 0700, created if its parent is there). Blocks on the disk: call it at start.
    ///
    /// - Throws: ``KithError``: `store.damaged` naming the file, `denied` if others can reach it.
    public init(folder: String, now: @escaping @Sendable () -> Date) throws(KithError) {
        try PrivateFolder.prepare(folder)
        file = TrustFile(path: folder + "/trust.json")
        self.now = now
        content = Mutex(try file.read())
    }

    // MARK: Reading

    /// Every peer, by name; pending ones whose time has passed are left out.
    ///
    /// Also those that are trusted through a household or a voucher: see ``PinnedPeer/source``.
    public var peers: [PinnedPeer] {
        let (book, time) = read { ($0, $1) }
        let own = book.peers(at: time)
        let known = Set(own.map(\.id)).union(book.tombstones.map(\.id))
        let others = shelf.withLock { $0.pins(at: time) { book.pin($0, at: time) } }.filter { !known.contains($0.id) }
        guard !others.isEmpty else { return own }
        return (own + others).sorted { ($0.name.text, $0.id.text) < ($1.name.text, $1.id.text) }
    }

    /// The peers that this node paired with itself, by name.
    public var pairedPeers: [PinnedPeer] { read { $0.peers(at: $1) } }

    /// The pin of `id`, active or pending. One's own word goes before a voucher.
    public func pin(for id: PeerID) -> PinnedPeer? {
        let (book, time) = read { ($0, $1) }
        if let own = book.pin(id, at: time) { return own }
        guard !book.tombstones.contains(where: { $0.id == id }) else { return nil }
        return shelf.withLock { $0.pin(id, at: time) { book.pin($0, at: time) } }
    }

    /// The peer with this identity if it has rights here: active, never pending.
    public func activePeer(_ id: PeerID) -> Peer? {
        pin(for: id).flatMap { $0.state == .active ? $0.peer : nil }
    }

    /// Whether our side agreed to `id` and the peer has not proved its own yet.
    public func isPending(_ id: PeerID) -> Bool {
        pin(for: id).map { $0.state != .active } ?? false
    }

    /// Whether the owner removed `id`: nothing but a new pairing may add it again.
    public func isTombstoned(_ id: PeerID) -> Bool { read { book, _ in book.tombstones.contains { $0.id == id } } }

    /// The peer that a person means by `text`: its name, its id, or a unique start of its id (4 letters or more).
    ///
    /// - Throws: ``KithError``: `peer.unknown` with the nearest name, `peer.ambiguous`.
    public func find(_ text: String) throws(KithError) -> PinnedPeer {
        let (all, household) = (peers, shelf.withLock { $0.household })
        if let pin = try TrustContent.match(text, among: all, household: household?.parent.id) { return pin }
        throw absence(of: text, household) ?? TrustContent.unknown(text, among: all.map(\.name.text))
    }

    /// The other peer to whom this name or one of these addresses belongs: ask before people are asked.
    public func clash(with id: PeerID, name: PeerName, addresses: [Address] = []) -> PinnedPeer? {
        read { $0.clash(with: id, name: name, addresses: addresses, at: $1) }
    }

    // MARK: Changing

    /// Stores what the owner agreed to. It gives no rights until ``activate(_:)``, and ends after 600 s.
    ///
    /// A peer that is active already stays active, with the new name and grants.
    /// - Throws: ``KithError``: `peer.identity_changed`, `limited`, or what the disk said.
    @discardableResult
    public func addPending(_ new: NewPin, ifNameIsTaken clash: NameClash = .refuse) async throws -> PinnedPeer {
        try await change { book, now throws(KithError) in try book.add(new, clash, at: now) }
        guard let pin = pin(for: new.id) else {
            throw KithError(.cancelled, "The pin was removed again at once.", hint: "Pair again.")
        }
        return pin
    }

    /// Gives a pending peer its rights: after the peer's proof, or when it authenticates over mutual TLS.
    ///
    /// - Throws: ``KithError`` with code `peer.unknown` if nothing is pending (any more).
    public func activate(_ id: PeerID) async throws {
        try await change { book, now throws(KithError) in try book.activate(id, at: now) }
    }

    /// Takes a pending pin back after a failed pairing; an active peer stays.
    public func dropPending(_ id: PeerID) async throws {
        try await change { book, _ in book.dropPending(id) }
    }

    /// Removes a peer and leaves a tombstone. Who is trusted by another's word can only lose that word.
    ///
    /// - Throws: ``KithError``: `peer.unknown`, `conflict` for a worker or at one, or what the disk said.
    public func remove(_ id: PeerID) async throws {
        try requireOwnWord(about: id, as: .trust)
        try await change { book, now throws(KithError) in try book.remove(id, at: now) }
        forgetVouchers(of: id)
    }

    /// Calls a peer by another name.
    ///
    /// - Throws: ``KithError``: `conflict` if the name is taken, `peer.unknown`.
    public func rename(_ id: PeerID, to name: PeerName) async throws {
        try requireOwnWord(about: id, as: .name)
        guard name.parent == nil else {
            throw KithError(.requestInvalid, "`\(name)` would be the name of a worker.", hint: "Leave out the `/`.")
        }
        try await change { book, now throws(KithError) in try book.rename(id, to: name, at: now) }
    }

    /// Replaces what a peer may do, at most 64 rules.
    ///
    /// - Throws: ``KithError``: `limited`, `peer.unknown`.
    public func setGrants(_ id: PeerID, _ grants: GrantSet) async throws {
        try requireOwnWord(about: id, as: .grants)
        try await change { book, now throws(KithError) in try book.setGrants(id, grants, at: now) }
    }

    /// Remembers where a peer was reached; the latest 8 count. Costs a write only if it was not the latest.
    public func remember(address: Address, for id: PeerID) async throws {
        try await change { book, now throws(KithError) in try book.remember(address, for: id, at: now) }
    }

    /// Calls `observer` after each durable change, on the book's queue: it must be quick. Meant for a few, at start.
    public func onChange(_ observer: @escaping @Sendable (TrustChange) -> Void) {
        observers.withLock { $0.append(observer) }
    }

    // MARK: Inside

    private typealias Edit = @Sendable (inout TrustContent, Date) throws(KithError) -> [TrustChange]

    /// Whether the workers of a peer are trusted here now.
    func mayVouch(_ pin: PinnedPeer) -> Bool { pin.grants.allows(.vouch, at: now()) }

    private func read<Result>(_ body: (TrustContent, Date) -> Result) -> Result {
        let time = now()
        return content.withLock { body($0, time) }
    }

    private func change(_ edit: @escaping Edit) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            queue.async { done.resume(with: Result { try self.apply(edit) }) }
        }
    }

    /// On the queue only, so that no change can overtake another.
    private func apply(_ edit: Edit) throws {
        var next = content.withLock { $0 }
        let changes = try edit(&next, wholeSeconds(now()))
        guard !changes.isEmpty else { return }
        try file.write(next)
        content.withLock { $0 = next }
        for change in changes {
            tell(change)
            guard change.kind == .removed || change.kind == .grantsChanged else { continue }
            for worker in workers(vouchedBy: change.id) { tell(TrustChange(id: worker, kind: .grantsChanged)) }
        }
    }

    func tell(_ change: TrustChange) { observers.withLock { $0 }.forEach { $0(change) } }

    /// The file holds whole seconds; so does what is in memory.
    private func wholeSeconds(_ date: Date) -> Date {
        Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
    }
}
