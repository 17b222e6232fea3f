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
    let store: Store
    let seen: SeenBook
    let now: @Sendable () -> Date

    func examine(_ request: Diagnose) async -> Diagnose.Reply {
        var findings = await HomeDoctor(home: home, now: now).examine()
        let report = await status.report()
        findings.append(ConfigurationCheck(home: home).door(report, reachable: status.reachable))
        findings += [await auditLog()] + DiscoveryCheck(state: report.discovery).findings()
        findings += await writing() + (await status.findings())
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
            return HomeDoctor.unreadable(error, home)
        }
    }
}
