import KithAPI
import KithDiscovery
import KithTrust
import Logging
import Synchronization

/// Writes into the daemon's own log what becomes of other nodes: who is paired and unpaired, who comes and goes.
final class Diary: Sendable {
    private let logger: Logger
    private let book: TrustBook
    /// What those are called who may be gone from the book when their line is written.
    private let names: Mutex<[PeerID: PeerName]>

    init(logger: Logger, book: TrustBook) {
        (self.logger, self.book) = (logger, book)
        names = Mutex(Dictionary(book.peers.map { ($0.id, $0.name) }) { $1 })
    }

    /// Writes until cancelled.
    func run(following changes: AsyncStream<RosterChange>) async {
        book.onChange { self.write($0) }
        var online: [PeerID: Bool] = [:]
        for await change in changes {
            guard case .changed(let presence) = change, presence.isPaired, presence.state != .connecting else {
                continue
            }
            let isOnline = presence.state.isOnline
            guard online.updateValue(isOnline, forKey: presence.id) != isOnline else { continue }
            say(isOnline ? "peer online" : "peer offline", presence.id, presence.state.onlineAddress)
        }
    }

    private func write(_ change: TrustChange) {
        switch change.kind {
        case .activated: say("paired", change.id)
        case .removed: say("unpaired", change.id)
        case .renamed: say("peer renamed", change.id)
        case .grantsChanged where book.pin(for: change.id)?.source == .pairing: say("grants changed", change.id)
        case .added, .grantsChanged, .addressLearned, .vouchersChanged: break
        }
    }

    private func say(_ event: Logger.Message, _ id: PeerID, _ address: Address? = nil) {
        var facts: Logger.Metadata = ["id": "\(id.short)"]
        facts["peer"] = name(of: id).map { "\($0)" }
        facts["address"] = address.map { "\($0)" }
        logger.info(event, metadata: facts)
    }

    private func name(of id: PeerID) -> PeerName? {
        let name = book.pin(for: id)?.name
        return names.withLock { names in
            if let name { names[id] = name }
            return name ?? names.removeValue(forKey: id)
        }
    }
}
