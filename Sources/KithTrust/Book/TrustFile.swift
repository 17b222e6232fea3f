import FoundationEssentials
import Glibc
import KithAPI

/// The trust book on disk: one JSON file, replaced as a whole. Every call blocks on the disk.
struct TrustFile: Sendable {
    let path: String

    /// The longest file that is read; 1,024 peers with all their rules fit.
    static let maximumBytes = 32 << 20

    /// What stands in the file; an empty book if there is no file.
    ///
    /// - Throws: ``KithError`` with code `store.damaged` that names the file: it is never emptied silently.
    func read() throws(KithError) -> TrustContent {
        guard access(path, F_OK) == 0 || errno != ENOENT else { return TrustContent() }
        let bytes = try PrivateFile.read(path, limit: Self.maximumBytes)
        do {
            _ = try JSONGuard.keys(of: bytes)
            return try JSON.decode(StoredBook.self, from: bytes).content()
        } catch {
            throw KithError(
                .storeDamaged, "The trust book \(path) cannot be read: \(KithError(wrapping: error).message)",
                hint: "Restore it from a backup, or move it away and pair anew.")
        }
    }

    /// Replaces the file; when this returns, the content survives a crash.
    func write(_ content: TrustContent) throws {
        try DurableFile.replace(path, with: JSON.encode(StoredBook(content)) + [0x0A])
    }
}

/// The form of the file. Its first field says which form it is.
private struct StoredBook: Codable {
    var version = 1
    var peers: [StoredPin]
    var tombstones: [StoredTombstone]

    init(_ content: TrustContent) {
        peers = content.pins.values.map(StoredPin.init).sorted { $0.id.text < $1.id.text }
        tombstones = content.tombstones.map { StoredTombstone(id: $0.id, at: $0.at) }
    }

    func content() throws(KithError) -> TrustContent {
        guard version == 1 else { throw Self.damage("it is of form \(version)") }
        guard peers.count <= TrustContent.maximumPeers, tombstones.count <= TrustContent.maximumTombstones else {
            throw Self.damage("it is too long")
        }
        var content = TrustContent()
        for stored in peers {
            guard content.pins.updateValue(try stored.pin(), forKey: stored.id) == nil else {
                throw Self.damage("the peer \(stored.id.short) stands in it twice")
            }
        }
        content.tombstones = tombstones.map { .init(id: $0.id, at: $0.at) }
        return content
    }

    static func damage(_ why: String) -> KithError { KithError(.storeDamaged, why + ".") }
}

private struct StoredTombstone: Codable {
    var id: PeerID
    var at: Date
}

private struct StoredPin: Codable {
    enum State: String, Codable { case active, pending }

    var id: PeerID
    var name: PeerName
    var certificate: Data
    var grants: GrantSet
    var addresses: [Address]
    var addedAt: Date
    var state: State
    var pendingSince: Date?
    var replaces: PeerID?

    init(_ pin: PinnedPeer) {
        id = pin.id
        name = pin.name
        certificate = Data(pin.certificate.der)
        grants = pin.grants
        addresses = pin.addresses
        addedAt = pin.addedAt
        replaces = pin.replaces
        switch pin.state {
        case .active: state = .active
        case .pending(let since):
            state = .pending
            pendingSince = since
        }
    }

    func pin() throws(KithError) -> PinnedPeer {
        guard let shown = try? Certificate(der: Array(certificate)), shown.id == id else {
            throw StoredBook.damage("the certificate of \(name) is not that of \(id.short)")
        }
        guard grants.rules.count <= TrustContent.maximumRules, addresses.count <= TrustContent.maximumAddresses else {
            throw StoredBook.damage("the entry of \(name) is too long")
        }
        return PinnedPeer(
            id: id, name: name, certificate: shown, grants: grants, addresses: addresses,
            addedAt: addedAt, state: try pinState(), replaces: replaces)
    }

    private func pinState() throws(KithError) -> PinnedPeer.State {
        switch (state, pendingSince) {
        case (.active, nil): .active
        case (.pending, let since?): .pending(since: since)
        default: throw StoredBook.damage("the state of \(name) is not clear")
        }
    }
}
