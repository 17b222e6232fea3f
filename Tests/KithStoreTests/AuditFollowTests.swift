import Foundation
import KithAPI
import Testing

@testable import KithStore

@Suite struct AuditFollowTests {
    private func append(_ log: AuditLog, _ object: String, by caller: Caller = .owner) async throws {
        _ = try await log.append(AuditEntry(caller: caller, action: "a", object: object, result: "ok"))
    }

    private func objects(_ log: AuditLog, _ request: FollowAudit) async throws -> [String?] {
        try await log.follow(request).reduce(into: []) { $0.append($1.object) }
    }

    @Test func `the last records come, oldest first`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            #expect(try await objects(log, FollowAudit()) == [])
            for number in 1...600 { try await append(log, "\(number)") }
            #expect(try await objects(log, FollowAudit(last: 3)) == ["598", "599", "600"])
            #expect(try await objects(log, FollowAudit()) == (551...600).map { "\($0)" })
            #expect(try await objects(log, FollowAudit(last: 10_000)).count == 600)
            #expect(try await objects(log, FollowAudit(last: 0)) == [])
            try await log.close()
        }
    }

    @Test func `only one caller's records come if asked`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            for number in 1...5 {
                try await append(log, "mine \(number)")
                try await append(log, "theirs \(number)", by: .peer())
            }
            #expect(try await objects(log, FollowAudit(last: 2, peer: "studio")) == ["theirs 4", "theirs 5"])
            #expect(try await objects(log, FollowAudit(last: 1, peer: "owner")) == ["mine 5"])
            #expect(try await objects(log, FollowAudit(peer: "stud")) == [])
            try await log.close()
        }
    }

    @Test func `a follower misses nothing and sees nothing twice, however slow it is`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            try await append(log, "0")
            var records = try log.follow(FollowAudit(last: 1, follow: true)).makeAsyncIterator()
            #expect(try await records.next()?.object == "0")
            for number in 1...700 { try await append(log, "\(number)") }
            for number in 1...700 { #expect(try await records.next()?.object == "\(number)") }
            async let next = records.next()?.object
            try await append(log, "live")
            #expect(try await next == "live")
            try await log.close()
        }
    }

    @Test func `a follower ends with the log`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            var records = try log.follow(FollowAudit(follow: true)).makeAsyncIterator()
            try await append(log, "last")
            #expect(try await records.next()?.object == "last")
            async let end = records.next()
            try await log.close()
            #expect(try await end == nil)
        }
    }

    @Test func `a cancelled follower goes, and its place is free`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            let reader = Task {
                for try await _ in try log.follow(FollowAudit(last: 0, follow: true)) {}
            }
            reader.cancel()
            _ = await reader.result
            var streams = try (0..<AuditBells.maximum).map { _ in try log.follow(FollowAudit(follow: true)) }
            #expect(await failure { try log.follow(FollowAudit(follow: true)) }?.code == .limited)
            #expect(try await objects(log, FollowAudit()) == [])
            streams.removeLast()
            streams.append(try log.follow(FollowAudit(follow: true)))
            try await log.close()
        }
    }

    @Test(arguments: [-1, 10_001])
    func `a number out of bounds is refused`(last: Int) async throws {
        try await Home.with { home in
            let log = try home.openLog()
            #expect(await failure { try log.follow(FollowAudit(last: last)) }?.code == .requestInvalid)
            try await log.close()
        }
    }

    @Test func `a reader hears of a line that cannot be read`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            for number in 1...3 { try await append(log, "\(number)") }
            var bytes = try home.read("audit.jsonl")
            bytes[2] = 0xFF
            try home.write(bytes, to: "audit.jsonl")
            #expect(await failure { try await objects(log, FollowAudit()) }?.code == .storeDamaged)
            try await log.close()
        }
    }
}
