import KithAPI

/// Examines each peer: whether it is there, knows us, and has the same time.
struct PeerDoctor: Sendable {
    let peers: PeersService

    /// Seconds by which a peer's clock may differ before it is worth a word.
    private static let toleratedSkew = 300.0

    func examine() async -> [Finding] {
        let known = await peers.list().peers.filter { $0.status != .unpaired }
        guard !known.isEmpty else { return [Finding("peers", .ok, "None yet; `kith pair` finds some.")] }
        return await withTaskGroup(of: Finding.self) { group in
            for peer in known { group.addTask { await examine(peer) } }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.subject < $1.subject }
        }
    }

    private func examine(_ peer: PeerStatus) async -> Finding {
        let subject = "peer \(peer.name)"
        guard peer.status != .pending else {
            return Finding(
                subject, .warning, "Its side has not agreed yet.", remedy: "kith pair \(peer.name)  # Or finish there.")
        }
        guard let address = peer.address, let pin = peers.book.pin(for: peer.id) else {
            return Finding(
                subject, .warning, "No address of it is known.",
                remedy: peer.worker != nil
                    ? Self.start(peer) : "kith peers add HOST  # Where it is; or start kith there.")
        }
        switch await peers.greet(pin) {
        case .answered(let identity, _, let latency):
            return finding(subject, at: address, identity, latency)
        case .refused(let reason):
            return Finding(
                subject, .failed, "It is there, and does not know us: \(reason)", remedy: "kith pair \(peer.name)")
        case .otherVersion(let error):
            return Finding(subject, .failed, error.message, remedy: error.hint)
        case .silent where peer.worker != nil:
            return Finding(
                subject, .warning, "It does not answer at \(address).",
                remedy: Self.start(peer))
        case .silent:
            return Finding(
                subject, .warning, "It does not answer at \(address).",
                remedy: "kith start  # There. If it runs, a firewall stands between: port \(address.port), TCP.")
        }
    }

    private static func start(_ worker: PeerStatus) -> String {
        "kith session start \(worker.name.last)  # At \(worker.worker?.text ?? "its parent")."
    }

    private func finding(
        _ subject: String, at address: Address, _ identity: NodeIdentity, _ latency: Duration
    ) -> Finding {
        let skew = identity.time.timeIntervalSince(peers.now())
        guard abs(skew) <= Self.toleratedSkew else {
            return Finding(
                subject, .warning, "Its clock is \(Int(abs(skew))) s \(skew > 0 ? "ahead of" : "behind") ours.",
                remedy: "sudo timedatectl set-ntp true  # Here and there; nothing depends on it, people do.")
        }
        let milliseconds = (Double(seconds: latency) * 10_000).rounded() / 10
        return Finding(subject, .ok, "It answers at \(address) in \(milliseconds) ms, with kith \(identity.version).")
    }
}
