import Foundation
import KithAPI
import KithClient
import KithKeeper
import KithStore
import KithTrust

/// Examines what is on the disk of a node and around its daemon; needs no daemon, and changes nothing.
struct HomeDoctor: Sendable {
    let home: Home
    var now: @Sendable () -> Date = { Date() }
    /// Bytes that are free where a path is; nil where nobody knows.
    var freeBytes: @Sendable (String) -> Int? = { Disk.freeBytes(at: $0) }

    /// Under this much room the owner is warned, and under this much it is called a failure.
    private static let (scarce, gone) = (1 << 30, 100 << 20)

    func examine() async -> [Finding] {
        let home = home
        var findings = [configuration(), key()].compactMap { $0 }
        findings += HomeModes(home: home).findings()
        findings += [clock()] + disk()
        return findings + [await Self.offPool { Self.database(home) }, await keeper()]
    }

    /// What only makes sense while no daemon runs: its log, its port, its lock.
    func examineAlone() async -> [Finding] {
        let home = home
        return [await Self.offPool { Self.audit(home) }, port(), lock()].compactMap { $0 }
    }

    // MARK: Checks

    private func configuration() -> Finding {
        let path = home.folders.configuration
        do {
            _ = try home.readConfiguration()
            return Finding("configuration", .ok, path)
        } catch {
            let failure = KithError(wrapping: error)
            let line = failure.details?["line"] ?? "1"
            return Finding(
                "configuration", .failed, failure.message,
                remedy: "${EDITOR:-vi} +\(line) \(path.quoted)  # \(failure.hint ?? "Mend that line.")")
        }
    }

    /// Peers know this node by its key; one that has gone comes from a backup, or the node is another one.
    private func key() -> Finding? {
        do {
            try home.checkKey()
            return nil
        } catch {
            let folder = home.identityFolder
            guard error.code == .storeDamaged else {
                return Finding("key", .failed, error.message, remedy: "kith init")
            }
            return Finding(
                "key", .failed, error.message,
                remedy: "mv \(folder.quoted) \((folder + ".lost").quoted) && kith init && kith restart"
                    + "  # A new node, which has to pair anew. With a backup: put key.pem back instead.")
        }
    }

    /// Nothing here depends on the clock but the times that people read; one from before the key was made is wrong.
    private func clock() -> Finding {
        let remedy = "sudo timedatectl set-ntp true"
        guard let made = Disk.modified(home.identityFolder + "/key.pem"), now() < made.addingTimeInterval(-86_400)
        else { return Finding("clock", .ok, now().formatted(.iso8601)) }
        return Finding(
            "clock", .failed, "It says \(now().formatted(.iso8601)), before this node's key was made.", remedy: remedy)
    }

    private func disk() -> [Finding] {
        guard let free = freeBytes(home.folders.data) else { return [] }
        let text = "\(free >> 20) MiB are free at \(home.folders.data)."
        guard free < Self.scarce else { return [Finding("disk", .ok, text)] }
        return [
            Finding(
                "disk", free < Self.gone ? .failed : .warning, text,
                remedy: "du -xhd1 \(home.folders.data.quoted) | sort -h  # Then make room; old jobs are below jobs/.")
        ]
    }

    private static func database(_ home: Home) -> Finding {
        do {
            switch try StoreExamination(of: home.folders.data) {
            case .missing: return Finding("database", .ok, "None yet; the first start makes it.")
            case .sound: return Finding("database", .ok, "Every page is sound.")
            case .damaged:
                return Finding(
                    "database", .failed, "It is damaged.",
                    remedy:
                        "kith restart  # Sets it aside as kith.sqlite.damaged-1 and begins anew; or put a copy there.")
            }
        } catch {
            let failure = KithError(wrapping: error)
            return Finding("database", .failed, failure.message, remedy: failure.hint)
        }
    }

    private func keeper() async -> Finding {
        switch await KeeperLook.at(home.jobsFolder) {
        case .absent: Finding("keeper", .ok, "None runs; the first job starts it.")
        case .answers(let running): Finding("keeper", .ok, "It answers; \(running) jobs run.")
        case .silent(let process):
            Finding(
                "keeper", .failed, "It (process \(process)) holds the jobs and does not answer.",
                remedy: "kill -CONT \(process)  # If that does not help: kill -9 \(process), which ends its jobs.")
        }
    }

    private static func audit(_ home: Home) -> Finding {
        do {
            guard let identity = try home.existingIdentity(),
                let reply = try AuditExamination.verify(
                    in: home.folders.logs, isSigned: { identity.certificate.verify(signature: $1, of: $0) })
            else { return Finding("audit", .ok, "None yet.") }
            return finding(about: reply, home)
        } catch {
            return Finding("audit", .failed, "It cannot be read: \(KithError(wrapping: error).message)")
        }
    }

    /// What to say about a verified audit log.
    static func finding(about reply: VerifyAudit.Reply, _ home: Home) -> Finding {
        guard let line = reply.firstBadLine else { return Finding("audit", .ok, "\(reply.records) records, unbroken.") }
        let (logs, kept) = (home.folders.logs, home.folders.logs + "/broken-audit")
        return Finding(
            "audit", .failed, "Line \(line) does not fit: somebody changed the log, or its disk failed.",
            remedy: "kith stop; mkdir -p \(kept.quoted) && mv \(logs.quoted)/audit.* \(kept.quoted) && kith start"
                + "  # Keeps what is there, and begins a new log.")
    }

    private func port() -> Finding? {
        guard !home.folders.isHeld, let configuration = try? home.readConfiguration(),
            configuration.listenPort != 0
        else { return nil }
        let port = configuration.listenPort
        guard let other = OpenPorts.read().first(where: { $0.port == port }) else {
            return Finding("peer door", .ok, "Port \(port) is free.")
        }
        return Finding(
            "peer door", .failed, "Port \(port) belongs to \(other.owner ?? "another program").",
            remedy: "${EDITOR:-vi} \(home.folders.configuration.quoted)  # Set `port:` below `listen:` to another one.")
    }

    /// Nobody answers, yet somebody holds the home.
    private func lock() -> Finding? {
        guard let process = home.folders.holder else { return nil }
        return Finding(
            "lock", .failed, "Process \(process) holds this home and does not answer.",
            remedy: "kith restart  # If that does not help: kill -9 \(process)")
    }

    static func offPool<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }
}

extension Home {
    /// The identity, unless there is none yet.
    func existingIdentity() throws -> Identity? {
        guard FileManager.default.fileExists(atPath: identityFolder + "/key.pem") else { return nil }
        return try Identity.loadOrCreate(in: identityFolder, name: Home.hostName, now: Date())
    }
}

extension String {
    /// As a word that a shell takes as it is.
    var quoted: String {
        let isPlain = utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"'\"\\$`;&|<>()*?[]{}#~!".utf8.contains(byte)
        }
        return isPlain
            ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
