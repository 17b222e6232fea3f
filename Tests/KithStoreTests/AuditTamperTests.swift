import Foundation
import KithAPI
import Testing

@testable import KithStore

@Suite struct AuditTamperTests {
    /// A closed log of so many records, then `harm` to its lines, then what a verification says.
    private func verdict(
        _ count: Int, _ harm: (inout [[UInt8]]) -> Void
    ) async throws -> VerifyAudit.Reply {
        try await Home.with { home in
            try await fill(home, count)
            var lines = try home.lines()
            harm(&lines)
            try home.write(lines: lines)
            return try await verify(home)
        }
    }

    private func fill(_ home: Home, _ count: Int) async throws {
        let log = try home.openLog()
        for number in 1...count {
            _ = try await log.append(AuditEntry(caller: .owner, action: "exec.run", object: "\(number)", result: "ok"))
        }
        try await log.close()
    }

    private func verify(_ home: Home) async throws -> VerifyAudit.Reply {
        let log = try home.openLog()
        let reply = try await log.verify()
        try await log.close()
        return reply
    }

    private func edit(_ line: inout [UInt8]) {
        line = Array(String(decoding: line, as: UTF8.self).replacing("exec.run", with: "exec.nun").utf8)
    }

    @Test func `an untouched log is sound`() async throws {
        #expect(try await verdict(9) { _ in } == VerifyAudit.Reply(records: 9))
    }

    @Test func `an edited line is found`() async throws {
        #expect(try await verdict(9) { edit(&$0[3]) } == VerifyAudit.Reply(records: 3, firstBadLine: 4))
        #expect(try await verdict(9) { edit(&$0[0]) } == VerifyAudit.Reply(records: 0, firstBadLine: 1))
        #expect(try await verdict(9) { edit(&$0[8]) } == VerifyAudit.Reply(records: 8, firstBadLine: 9))
    }

    @Test func `a line taken out, doubled or moved is found`() async throws {
        #expect(try await verdict(9) { $0.remove(at: 3) } == VerifyAudit.Reply(records: 3, firstBadLine: 4))
        #expect(try await verdict(9) { $0.remove(at: 0) } == VerifyAudit.Reply(records: 0, firstBadLine: 1))
        #expect(try await verdict(9) { $0.insert($0[3], at: 3) } == VerifyAudit.Reply(records: 4, firstBadLine: 5))
        #expect(try await verdict(9) { $0.swapAt(3, 4) } == VerifyAudit.Reply(records: 3, firstBadLine: 4))
        #expect(try await verdict(9) { $0.insert([], at: 5) } == VerifyAudit.Reply(records: 5, firstBadLine: 6))
    }

    @Test func `a chain made anew from the middle does not match what was signed`() async throws {
        let reply = try await verdict(9) { lines in
            var chain = AuditChain.beginning
            let entries = (1...9).map {
                AuditEntry(caller: .owner, action: "exec.run", object: "\($0 == 5 ? 50 : $0)", result: "ok")
            }
            lines = entries.map { chain.seal($0, at: "2023-11-14T22:13:20.125Z").line }
        }
        #expect(reply == VerifyAudit.Reply(records: 8, firstBadLine: 9))
    }

    /// Opening such a log says so in a record of its own, at the number of the first missing line.
    @Test func `a missing end is found, and at the same line after the log has grown past it`() async throws {
        try await Home.with { home in
            try await fill(home, 9)
            try home.write(lines: Array(try home.lines().prefix(5)))
            #expect(try await verify(home) == VerifyAudit.Reply(records: 5, firstBadLine: 6))
            let last = try JSON.decode(AuditRecord.self, from: try #require(try home.lines().last))
            #expect(last.action == "audit.mismatch" && last.details == ["checkpoint": "9", "log": "5"])
            try await fill(home, 2)
            #expect(try await verify(home) == VerifyAudit.Reply(records: 5, firstBadLine: 6))
            try await fill(home, 20)
            #expect(try await verify(home) == VerifyAudit.Reply(records: 5, firstBadLine: 6))
        }
    }

    @Test func `a log that is gone altogether is found`() async throws {
        try await Home.with { home in
            try await fill(home, 9)
            try FileManager.default.removeItem(atPath: home.path("audit.jsonl"))
            #expect(try await verify(home).firstBadLine != nil)
        }
    }

    @Test func `a checkpoint that is missing, forged or unreadable vouches for nothing`() async throws {
        let forged = #"{"hash":"\#(String(repeating: "0", count: 64))","number":0,"signature":"00"}"#
        for content in [nil, forged, "{", ""] {
            try await Home.with { home in
                try await fill(home, 3)
                try FileManager.default.removeItem(atPath: home.path("audit.checkpoint"))
                if let content { try home.write(Array(content.utf8), to: "audit.checkpoint") }
                #expect(try await verify(home).firstBadLine != nil)
                #expect(try await verify(home).firstBadLine != nil)
            }
        }
    }

    @Test func `tampering while the log is open is found`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            for _ in 1...9 { _ = try await log.append(AuditEntry(caller: .owner, action: "exec.run", result: "ok")) }
            let lines = try home.lines()
            try home.write(lines: Array(lines.prefix(5)))
            #expect(try await log.verify() == VerifyAudit.Reply(records: 5, firstBadLine: 6))
            try home.write(lines: lines + [Array("{}".utf8)])
            #expect(try await log.verify() == VerifyAudit.Reply(records: 9, firstBadLine: 10))
            try home.write(lines: lines)
            #expect(try await log.verify() == VerifyAudit.Reply(records: 9))
            try await log.close()
        }
    }

    @Test func `checkpoints follow the log every thousand records`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            for _ in 1...1_001 { _ = try await log.append(AuditEntry(caller: .owner, action: "a", result: "ok")) }
            let text = String(decoding: try home.read("audit.checkpoint"), as: UTF8.self)
            #expect(text.contains(#""number":1000,"#))
            #expect(try await log.verify() == VerifyAudit.Reply(records: 1_001))
            try await log.close()
        }
    }

    @Test func `ten thousand seeded mutations of a line never verify`() throws {
        var chain = AuditChain.beginning
        let entry = AuditEntry(
            caller: .owner, action: "exec.run", object: "git \"push\" é", result: "ok", details: ["exitCode": "0"])
        let line = chain.seal(entry, at: "2023-11-14T22:13:20.125Z").line
        var whole = AuditChain.beginning
        #expect(whole.accept(line) != nil)
        var random = SeededGenerator(seed: 5_484)
        let accepted = (0..<10_000).filter { _ in
            let mutant = mutate(line, &random)
            var beginning = AuditChain.beginning
            return mutant != line && beginning.accept(mutant) != nil
        }
        #expect(accepted == [])
    }

    private func mutate(_ line: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var line = line
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<line.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: line[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: line[place] = UInt8.random(in: 0...255, using: &random)
            case 2: line.remove(at: place)
            case 3: line.insert([0x20, 0x22, 0x2C, 0x30, 0x7B].randomElement(using: &random) ?? 0x20, at: place)
            default: line.swapAt(place, Int.random(in: 0..<line.count, using: &random))
            }
        }
        return line
    }
}

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
