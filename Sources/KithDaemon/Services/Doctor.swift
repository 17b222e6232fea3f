import Foundation
import KithAPI
import KithStore

/// Examines this node and names the remedies.
struct Doctor: Sendable {
    let home: Home
    let status: StatusService
    let peers: PeersService
    let audit: AuditLog

    /// Seconds by which a peer's clock may differ before it is worth a word.
    private static let toleratedSkew = 300.0

    func examine() async -> Diagnose.Reply {
        var findings = [configuration(), folders(), door(), await discovery()]
        findings.append(await auditLog())
        findings += await status.findings()
        findings += status.warnings.map { Finding("start", .warning, $0) }
        findings += await examinePeers()
        return Diagnose.Reply(findings: findings)
    }

    private func configuration() -> Finding {
        do {
            _ = try home.readConfiguration()
            return Finding("configuration", .ok, home.folders.configuration)
        } catch {
            let failure = KithError(wrapping: error)
            return Finding(
                "configuration", .failed, failure.message, remedy: failure.hint ?? "Mend it, then run `kith reload`.")
        }
    }

    private func folders() -> Finding {
        do {
            try home.prepare()
            return Finding("folders", .ok, "\(home.folders.data) is ours alone.")
        } catch {
            return Finding("folders", .failed, error.message, remedy: error.hint)
        }
    }

    private func door() -> Finding {
        guard let address = status.listening.first else {
            return Finding("peer door", .failed, "It is closed.", remedy: "See `kith logs --daemon`.")
        }
        let reachable = status.reachable.map(\.description).joined(separator: ", ")
        return Finding("peer door", .ok, "Listening at \(address); others reach it at \(reachable).")
    }

    private func discovery() async -> Finding {
        let state = await status.report().discovery
        guard state != "available" else { return Finding("avahi", .ok, "Announcing and looking.") }
        guard state != "switched off" else { return Finding("avahi", .ok, "Switched off in the configuration.") }
        return Finding(
            "avahi", .warning, state,
            remedy: "Install and start avahi-daemon, or give addresses by hand: `kith pair HOST`.")
    }

    private func auditLog() async -> Finding {
        do {
            let reply = try await audit.verify()
            guard let line = reply.firstBadLine else {
                return Finding("audit", .ok, "\(reply.records) records, unbroken.")
            }
            return Finding(
                "audit", .failed, "Line \(line) does not fit: somebody changed the log.",
                remedy: "Keep a copy of \(home.folders.logs).")
        } catch {
            return Finding("audit", .failed, "It cannot be read: \(KithError(wrapping: error).message)")
        }
    }

    private func examinePeers() async -> [Finding] {
        let known = await peers.list().peers.filter { $0.status != .unpaired }
        guard !known.isEmpty else {
            return [Finding("peers", .warning, "None yet.", remedy: "Run `kith pair` here and on another machine.")]
        }
        return await withTaskGroup(of: Finding.self) { group in
            for peer in known { group.addTask { await examine(peer) } }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.subject < $1.subject }
        }
    }

    private func examine(_ peer: PeerStatus) async -> Finding {
        let subject = "peer \(peer.name)"
        guard peer.status != .pending else {
            return Finding(subject, .warning, "Its side has not agreed yet.", remedy: "Finish there, or pair again.")
        }
        guard let address = peer.address else {
            return Finding(
                subject, .warning, "No address of it is known.", remedy: "Start kith there, or: `kith peers add HOST`.")
        }
        let fresh = try? await peers.status(GetPeer(peer: peer.id.text))
        guard fresh?.status == .online else {
            return Finding(
                subject, .warning, "It does not answer at \(address).",
                remedy: "Is kith running there? Does a firewall stand between?")
        }
        if let skew = await peers.skew(of: peer.id), abs(skew) > Self.toleratedSkew {
            return Finding(
                subject, .warning, "Its clock is \(Int(abs(skew))) s \(skew > 0 ? "ahead of" : "behind") ours.",
                remedy: "Set the clocks right (`timedatectl set-ntp true`); nothing here depends on them, people do.")
        }
        return Finding(subject, .ok, "It answers at \(fresh?.address?.description ?? address.description).")
    }
}
