import FoundationEssentials
import Glibc
import KithAPI
import Testing

@testable import KithKeeper

@Suite struct FollowingTests {
    /// Segments of 256 KiB, 512 KiB of the beginning and 768 KiB of the end.
    private var small: KeeperLimits {
        var limits = KeeperLimits.quick
        (limits.segment, limits.head, limits.tail, limits.lead) = (256 << 10, 512 << 10, 768 << 10, 128 << 10)
        return limits
    }

    /// Numbers of seven digits, so that every byte says where it stands.
    private static func numbers(_ count: Int) -> [UInt8] {
        (0..<count).flatMap { Array(String($0 + 1_000_000).utf8) + [10] }
    }

    private static func count(_ count: Int) -> String { "seq 1000000 \(999_999 + count)" }

    @Test func `a leader gets everything however small the log, and however late it reads`() async throws {
        try await Keep.with(limits: small) { keep in
            var launch = Keep.launch(Self.count(500_000))
            launch.isDetached = true
            let (job, leader) = try await keep.client.lead(launch)
            let heard = try await leader.all()
            #expect(isSame(heard.out, Self.numbers(500_000)))
            #expect(heard.gaps == [])
            #expect(keep.bytesKept(of: job) < (512 + 768) << 10)
        }
    }

    @Test func `a gap is stated exactly, and what stands around it is what was written`() async throws {
        try await Keep.with(limits: small) { keep in
            let job = try await keep.shell(Self.count(500_000)) { $0.isDetached = true }
            _ = try await job.finished()
            let heard = try await job.follow(from: 0, leads: false).all()
            let whole = Self.numbers(500_000)
            let gap = try #require(heard.gaps.first)
            #expect(heard.gaps.count == 1)
            #expect(isSame(heard.out, Array(whole[..<gap.lowerBound] + whole[gap.upperBound...])))
            #expect(heard.next == whole.count)
            #expect(try await job.record().outputBytes == whole.count)
        }
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000, 3_990_000, 3_999_999, 4_000_000, 5_000_000])
    func `output is followed from any byte`(cursor: Int) async throws {
        try await Keep.with(limits: small) { keep in
            let job = try await keep.shell(Self.count(500_000)) { $0.isDetached = true }
            _ = try await job.finished()
            let heard = try await job.follow(from: cursor, leads: false).all()
            let whole = Self.numbers(500_000)
            var expected = Array(whole[min(cursor, whole.count)...])
            if let gap = heard.gaps.first {
                expected = Array(whole[min(cursor, gap.lowerBound)..<gap.lowerBound] + whole[gap.upperBound...])
                #expect(gap.lowerBound >= cursor)
            }
            #expect(isSame(heard.out, expected))
        }
    }

    @Test func `before the end is counted from the end`() async throws {
        try await Keep.with(limits: small) { keep in
            let job = try await keep.shell(Self.count(500_000)) { $0.isDetached = true }
            _ = try await job.finished()
            #expect(try await job.follow(from: -16, leads: false).all().text == "1499998\n1499999\n")
            let more = try await job.follow(from: -3_000_000, leads: false).all()
            #expect(more.gaps == [])
            #expect(isSame(more.out, Array(Self.numbers(500_000).suffix(more.out.count))))
        }
    }

    @Test func `a follower that sleeps delays nobody and hears where it missed something`() async throws {
        try await Keep.with(limits: small) { keep in
            let job = try await keep.shell("echo first; read line; \(Self.count(1_000_000))", input: .open)
            let sleeper = try await job.follow(from: 0, leads: false)
            let leader = try await job.follow(from: 0, leads: true)
            _ = try await leader.wait(for: "first")
            try await job.write([10])
            let lead = try await leader.all()
            #expect(isSame(lead.out, Self.numbers(1_000_000)))
            let slept = try await sleeper.all()
            let whole = Array("first\n".utf8) + Self.numbers(1_000_000)
            #expect(!slept.gaps.isEmpty)
            #expect(isSame(slept.out, whole.without(slept.gaps)))
        }
    }

    @Test func `many followers of one job hear the same`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell(Self.count(1_000_000)) { $0.isDetached = true }
            let all = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<10 { group.addTask { try await job.follow(from: 0, leads: false).all().out } }
                return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
            }
            #expect(all.count == 1 && isSame(all.first ?? [], Self.numbers(1_000_000)))
        }
    }

    @Test func `a leader that stops reading makes the process wait, one that goes away lets it run`() async throws {
        var limits = KeeperLimits.quick
        limits.tail = 8 << 20
        limits.head = 8 << 20
        try await Keep.with(limits: limits) { keep in
            var launch = Keep.launch("yes | head -c 200000000")
            launch.isDetached = true
            let (job, leader) = try await keep.client.lead(launch)
            await waitUntil { ((try? await job.record().outputBytes) ?? 0) >= 128 << 10 }
            // Nobody tells that a process waits. But in the time in which another one, which nothing holds back, writes
            // this much, it would have gone far beyond what a leader allows.
            let other = try await keep.shell("yes | head -c 50000000") { $0.isDetached = true }
            _ = try await other.finished()
            #expect(try await job.record().outputBytes < 4 << 20)
            leader.cancel()
            #expect(try await job.finished().exit == .code(0))
            #expect(try await job.record().outputBytes == 200_000_000)
            #expect(keep.bytesKept(of: job) < 21 << 20)
        }
    }

    @Test func `what belongs to a client waits for it to come, or to go`() async throws {
        try await Keep.with(limits: small) { keep in
            let late = try await keep.shell(Self.count(500_000))
            await waitUntil { ((try? await late.record().outputBytes) ?? 0) > 128 << 10 }
            let heard = try await late.follow(from: 0, leads: true).all()
            #expect(heard.gaps == [])
            #expect(isSame(heard.out, Self.numbers(500_000)))
            let waiting = try await keep.shell(Self.count(500_000))
            #expect(try await waiting.finished().exit == .code(0))
            let id = try await keep.shell(Self.count(500_000)).id
            let abandoned = try await #require(keep.client.job(id))
            await waitUntil { (try? await abandoned.record().outputBytes) == 4_000_000 }
        }
    }

    @Test func `one byte at a time is all kept`() async throws {
        try await Keep.with { keep in
            let line = "i=0; while [ $i -lt 2000 ]; do printf x; printf y >&2; i=$((i+1)); done"
            let job = try await keep.shell(line) { $0.isDetached = true }
            let heard = try await job.follow(from: 0, leads: false).all()
            #expect(heard.out.count == 2000)
            #expect(heard.err.count == 2000)
            let again = try await job.follow(from: 1, leads: false).all()
            #expect(again.out.count + again.err.count == 3999)
        }
    }

    @Test func `a follower whose task is cancelled hangs up`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("sleep 100")
            let follower = try await job.follow(from: 0, leads: false)
            let task = Task { try await follower.next() }
            await waitUntil { (try? await job.record().followers) == 1 }
            task.cancel()
            #expect(try await task.value == nil)
            await waitUntil { (try? await job.record().followers) == 0 }
        }
    }
}

/// Whether two long answers are the same; a failure prints neither.
private func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool { one == other }

extension [UInt8] {
    /// What is left when these ranges are taken out.
    fileprivate func without(_ gaps: [Range<Int>]) -> [UInt8] {
        var left = self
        for gap in gaps.reversed() { left.removeSubrange(gap) }
        return left
    }
}
