import Foundation
import KithAPI
import Testing

@testable import KithStore

@Suite struct AuditRecoveryTests {
    private func fill(_ home: Home, _ count: Int) async throws {
        let log = try home.openLog()
        for _ in 0..<count { _ = try await log.append(AuditEntry(caller: .owner, action: "exec.run", result: "ok")) }
        try await log.close()
    }

    /// A crash may leave any beginning of a line behind.
    @Test func `a torn line is moved aside, said so, and the chain goes on`() async throws {
        try await Home.with { home in
            try await fill(home, 3)
            let whole = try home.read("audit.jsonl")
            var chain = AuditChain(
                number: 3, hash: try JSON.decode(AuditRecord.self, from: try #require(try home.lines().last)).hash)
            let fourth = chain.seal(AuditEntry(caller: .owner, action: "a", result: "ok"), at: "now").line
            for length in [1, fourth.count / 2, fourth.count] {
                let torn = Array(fourth.prefix(length))
                try home.write(whole + torn, to: "audit.jsonl")
                let log = try home.openLog()
                let last = try JSON.decode(AuditRecord.self, from: try #require(try home.lines().last))
                #expect(
                    last.number == 4 && last.action == "audit.recovered" && last.details == ["tornBytes": "\(length)"])
                #expect(try home.read("audit.jsonl.torn") == torn + [UInt8(ascii: "\n")])
                #expect(try home.mode("audit.jsonl.torn") == 0o600)
                #expect(try await log.verify() == VerifyAudit.Reply(records: 4))
                try await log.close()
                try FileManager.default.removeItem(atPath: home.path("audit.jsonl.torn"))
                try FileManager.default.removeItem(atPath: home.path("audit.checkpoint"))
                try home.write(whole, to: "audit.jsonl")
                try await sign(home, whole)
            }
        }
    }

    /// Puts back the checkpoint that belongs to three records.
    private func sign(_ home: Home, _ lines: [UInt8]) async throws {
        let record = try JSON.decode(AuditRecord.self, from: try #require(try home.lines().last))
        let seal = AuditSeal(sign: { $0.reversed() }, isSigned: { $0 == $1.reversed() })
        try AuditCheckpoint(AuditChain(number: 3, hash: record.hash), seal).save(in: PrivateFolder(home.folder))
    }

    @Test func `a log killed without a last checkpoint is still sound`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            for _ in 0..<5 {
                _ = try await log.append(AuditEntry(caller: .owner, action: "a", result: "ok"))
            }
            try await Home.with { copy in
                for name in ["audit.jsonl", "audit.checkpoint"] { try copy.write(try home.read(name), to: name) }
                let again = try copy.openLog()
                #expect(try await again.verify() == VerifyAudit.Reply(records: 5))
                try await again.close()
            }
            try await log.close()
        }
    }

    @Test(arguments: [3, 0])
    func `garbage at the end is set aside, said so, and the log opens`(records: Int) async throws {
        try await Home.with { home in
            try await fill(home, records)
            let sound = try home.lines()
            let garbage = [Array("not a record".utf8), Array("nor {} this".utf8)]
            try home.write(lines: sound + garbage)
            let log = try home.openLog()
            #expect(log.report == .setAside(home.path("audit.jsonl.torn")))
            #expect(try home.read("audit.jsonl.torn") == Array("not a record\nnor {} this\n\n".utf8))
            #expect(Array(try home.lines().prefix(records)) == sound)
            let notice = try JSON.decode(AuditRecord.self, from: try #require(try home.lines().last))
            #expect(notice.action == "audit.recovered" && notice.number == records + 1)
            #expect(try await log.verify() == VerifyAudit.Reply(records: records + 1))
            try await log.close()
        }
    }

    @Test func `garbage in the place of what was signed is a mismatch, and the log opens`() async throws {
        try await Home.with { home in
            try await fill(home, 3)
            let first = try home.lines()[0]
            try home.write(lines: [first, Array("not a record".utf8)])
            let log = try home.openLog()
            let said = try home.lines().dropFirst().map { try JSON.decode(AuditRecord.self, from: $0).action }
            #expect(said == ["audit.recovered", "audit.mismatch"])
            #expect(try await log.verify().firstBadLine != nil)
            try await log.close()
        }
    }

    @Test func `a bad line in the middle is neither repaired nor in the way`() async throws {
        try await Home.with { home in
            try await fill(home, 5)
            var lines = try home.lines()
            lines[1] = Array("not a record".utf8)
            try home.write(lines: lines)
            try await fill(home, 2)
            #expect(Array(try home.lines().prefix(5)) == lines)
            let log = try home.openLog()
            #expect(try await log.verify() == VerifyAudit.Reply(records: 1, firstBadLine: 2))
            try await log.close()
        }
    }

    @Test func `lines of any length are scanned with flat memory`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("kith-lines-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let big = [UInt8](repeating: 0x61, count: 3 << 20)
        try Data(Array("one\n\n".utf8) + big + Array("\nlast".utf8)).write(to: URL(fileURLWithPath: path))
        var scanner = LineScanner(try Descriptor(path, O_RDONLY), from: 0, to: big.count + 10)
        #expect(try scanner.next() == LineScanner.Line(offset: 0, bytes: Array("one".utf8), end: 4, isEnded: true))
        #expect(try scanner.next() == LineScanner.Line(offset: 4, bytes: [], end: 5, isEnded: true))
        let long = try #require(try scanner.next())
        #expect(
            long.bytes.count == LineScanner.maximumBytes && long.end == big.count + 6 && long.isEnded && !long.isWhole)
        let last = LineScanner.Line(
            offset: big.count + 6, bytes: Array("last".utf8), end: big.count + 10, isEnded: false)
        #expect(try scanner.next() == last)
        #expect(try scanner.next() == nil)
    }
}
