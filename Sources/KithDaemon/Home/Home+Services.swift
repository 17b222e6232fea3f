import Foundation
import KithAPI
import KithExec
import KithKeeper
import KithStore
import KithTrust
import KithWorkers

extension Home {
    /// The environment in which commands run.
    func environment() throws(KithError) -> ExecEnvironment {
        var environment = try ExecEnvironment.login(startedWith: ProcessInfo.processInfo.environment)
        environment.home = userHome
        environment.variables["HOME"] = userHome
        return environment
    }

    /// What the commands of this node have to know of it.
    func execNode(named name: PeerName, book: TrustBook, audit: AuditLog) throws(KithError) -> ExecNode {
        var node = ExecNode(
            environment: try environment(), program: Self.companion, protected: protectedFolders,
            temporary: ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp",
            record: { event in
                let entry = AuditEntry(
                    caller: event.caller, action: event.action, object: event.object, result: event.result)
                _ = try await audit.append(entry)
            },
            holds: { peer, grant in book.activePeer(peer)?.grants.allows(grant, at: Date()) == true })
        node.name = name.text
        return node
    }

    /// What the workers of this node have to know of it, and what it does when they change; nil for a worker, which has
    /// none of its own.
    func fleet(
        identity: Identity, book: TrustBook, scope: ServiceScope, name: @escaping @Sendable () -> PeerName,
        now: @escaping @Sendable () -> Date
    ) throws -> WorkerFleet? {
        guard descent == nil else { return nil }
        let service: Set = [
            "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "INVOCATION_ID",
            "SYSTEMD_EXEC_PID",
        ]
        var environment = ProcessInfo.processInfo.environment.filter { !service.contains($0.key) }
        environment["HOME"] = userHome
        return try WorkerFleet(
            WorkerFleet.Surroundings(
                folders: folders, environment: environment, programs: (Self.companion + "d", Self.companion),
                scope: scope, identity: identity, name: name, now: now,
                changed: { household, vouchers in
                    book.setHousehold(household)
                    book.take(vouchers, of: identity.id)
                }))
    }

    /// Where the keeper writes what jobs wrote.
    var jobsFolder: String { folders.data + "/jobs" }

    /// The program `kith` that was installed beside this one: it holds jobs and fences them in.
    static var companion: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/usr/bin/kithd"
        return (own as NSString).deletingLastPathComponent + "/kith"
    }

    /// Folders of ours that no peer ever reads or writes, whatever its grants say of the folders above.
    var protectedFolders: [String] {
        let configuration = (folders.configuration as NSString).deletingLastPathComponent
        let own = [folders.data, folders.logs, folders.runtime, configuration]
        return Array(Set(own + (descent?.folders ?? []))).sorted()
    }
}
