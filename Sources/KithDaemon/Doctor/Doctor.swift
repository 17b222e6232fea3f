import Foundation
import KithAPI
import KithStore
import KithTrust

/// Examines a node whose daemon runs, and names the remedies.
struct Doctor: Sendable {
    let home: Home
    let status: StatusService
    let peers: PeersService
    let audit: AuditLog
    let store: Store
    let seen: SeenBook
    let now: @Sendable () -> Date

    func examine(_ request: Diagnose) async -> Diagnose.Reply {
        var findings = await HomeDoctor(home: home, now: now).examine()
        findings += [door(), await auditLog()] + DiscoveryCheck(state: await status.report().discovery).findings()
        findings += await writing() + (await status.findings())
        findings += status.warnings.map {
            Finding(
                "start", .warning, $0, remedy: "kith restart  # Once you have read it: the next start is a new one.")
        }
        findings += await PeerDoctor(peers: peers).examine()
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

    /// Nothing where all is well: that the pages are sound is said elsewhere.
    private func writing() async -> [Finding] {
        do {
            try await store.tryWriting()
            return []
        } catch {
            let failure = KithError(wrapping: error)
            return [
                Finding(
                    "database", .failed, "Nothing can be stored: \(failure.message)",
                    remedy: "fuser -v \(store.path.quoted)  # \(failure.hint ?? "Who else has it open?")")
            ]
        }
    }

    private func auditLog() async -> Finding {
        do {
            return HomeDoctor.finding(about: try await audit.verify(), home)
        } catch {
            return Finding("audit", .failed, "It cannot be read: \(KithError(wrapping: error).message)")
        }
    }
}
