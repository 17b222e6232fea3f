import Foundation
import KithAPI
import Testing

@testable import KithStore

@Suite struct AuditLogTests {
    @Test func `records are numbered, chained and written as they are returned`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            let caller = try Caller.peer()
            let first = try await log.append(
                AuditEntry(caller: caller, action: "exec.run", object: "git push", result: "began"))
            let details = ["exitCode": "0"]
            let second = try await log.append(
                AuditEntry(caller: .owner, action: "exec.run", result: "ok", details: details))
            #expect(first.number == 1 && first.previous == AuditChain.beginning.hash)
            #expect(first.time == "2023-11-14T22:13:20.125Z")
            #expect(first.caller == caller.description)
            #expect(second.number == 2 && second.previous == first.hash && second.details == details)
            #expect(try home.lines().map { try JSON.decode(AuditRecord.self, from: $0) } == [first, second])
            #expect(try await log.verify() == VerifyAudit.Reply(records: 2))
            try await log.close()
        }
    }

    @Test func `the chain goes on after reopening`() async throws {
        try await Home.with { home in
            for _ in 0..<3 {
                let log = try home.openLog()
                _ = try await log.append(AuditEntry(caller: .owner, action: "node.start", result: "ok"))
                try await log.close()
            }
            let log = try home.openLog()
            #expect(try await log.verify() == VerifyAudit.Reply(records: 3))
            try await log.close()
        }
    }

    @Test func `its files belong to the owner alone`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            _ = try await log.append(AuditEntry(caller: .owner, action: "a", result: "ok"))
            for name in try home.names() { #expect(try home.mode(name) == 0o600, "\(name)") }
            #expect(try home.names() == ["audit.checkpoint", "audit.jsonl"])
            try await log.close()
        }
    }

    @Test func `many writers at once leave one sound chain with each of their records`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            let records = try await withThrowingTaskGroup(of: AuditRecord.self) { group in
                for number in 0..<500 {
                    let entry = AuditEntry(caller: .owner, action: "a", object: "\(number)", result: "ok")
                    group.addTask { try await log.append(entry) }
                }
                return try await group.reduce(into: [AuditRecord]()) { $0.append($1) }
            }
            #expect(records.map(\.number).sorted() == Array(1...500))
            #expect(Set(records.map(\.object)).count == 500)
            #expect(try await log.verify() == VerifyAudit.Reply(records: 500))
            try await log.close()
        }
    }

    @Test func `a second opener is refused while the first lives`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            #expect(await failure { try home.openLog() }?.code == .daemonRunning)
            try await log.close()
            try await home.openLog().close()
        }
    }

    @Test func `after the end nothing is taken`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            try await log.close()
            let entry = AuditEntry(caller: .owner, action: "a", result: "ok")
            #expect(await failure { try await log.append(entry) }?.code == .unavailable)
            #expect(await failure { try await log.verify() }?.code == .unavailable)
        }
    }

    @Test func `a log that cannot be written throws, and stays closed`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            let entry = AuditEntry(caller: .owner, action: "exec.run", result: "began")
            _ = try await log.append(entry)
            try fillDisk(under: home.path("audit.jsonl"))
            #expect(await failure { try await log.append(entry) }?.code == .fileNoSpace)
            #expect(await failure { try await log.append(entry) }?.code == .fileIO)
            #expect(try home.lines().count == 1)
        }
    }

    @Test func `a checkpoint that cannot be signed keeps the log from opening`() async throws {
        try await Home.with { home in
            let refusal = KithError(.filePermission, "No key.")
            let error = await failure {
                try AuditLog.open(
                    in: home.folder, now: home.clock.now, sign: { _ in throw refusal }, isSigned: { _, _ in true })
            }
            #expect(error == refusal)
        }
    }

    /// Puts the device that is always full in the place of our open file.
    private func fillDisk(under path: String) throws {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            guard let number = Int32(name), number != full else { continue }
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
            if target == path { dup2(full, number) }
        }
    }
}
