import Foundation
import KithAPI
import KithStore
import KithTrust

/// Examines a node whose daemon runs, and names the remedies.
struct Doctor: Sendable {
    let home: Home
    let status: StatusService
    let peers: PeersService
    let workers: WorkerDoctor
    let audit: AuditLog
    let seen: SeenBook
    let now: @Sendable () -> Date

    func examine(_ request: Diagnose) async -> Diagnose.Reply {
        var findings = await HomeDoctor(home: home, now: now).examine()
        findings += [door(), await auditLog()] + DiscoveryCheck(state: await status.report().discovery).findings()
        findings += await status.findings()
        findings += status.warnings.map {
            Finding(
                "start", .warning, $0, remedy: "kith restart  # Once you have read it: the next start is a new one.")
        }
        findings += await PeerDoctor(peers: peers).examine()
        findings += await workers.examine()
        if request.security == true {
            findings += await SecurityDoctor(home: home, status: status, peers: peers, seen: seen, now: now).examine()
        }
        return Diagnose.Reply(findings: findings)
    }

    /// Mends what is safely mended.
    func mend() -> MendNode.Reply { MendNode.Reply(findings: HomeModes(home: home).mend()) }

    private func door() -> Finding {
        guard let address = status.listening.first else {
            return Finding("peer door", .failed, "It is closed.", remedy: "kith logs --daemon")
        }
        let reachable = status.reachable.map(\.description).joined(separator: ", ")
        guard let wanted = try? home.readConfiguration().listenPort, ![0, address.port].contains(wanted) else {
            return Finding("peer door", .ok, "Listening at \(address); others reach it at \(reachable).")
        }
        return Finding(
            "peer door", .warning, "Listening at \(address), while the configuration says port \(wanted).",
            remedy: "kith restart")
    }

    private func auditLog() async -> Finding {
        do {
            return HomeDoctor.finding(about: try await audit.verify(), home)
        } catch {
            return Finding("audit", .failed, "It cannot be read: \(KithError(wrapping: error).message)")
        }
    }
}
