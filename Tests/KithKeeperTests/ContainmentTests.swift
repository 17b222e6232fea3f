import FoundationEssentials
import Glibc
import KithAPI
import Testing

@testable import KithKeeper

@Suite struct ContainmentTests {
    /// Starts a line that says numbers of processes and then `ready`.
    private func start(
        _ line: String, in keep: Keep, _ change: (inout Launch) -> Void = { _ in }
    ) async throws -> (job: HeldJob, processes: [Int32]) {
        let job = try await keep.shell(line, change)
        let heard = try await job.follow(from: 0, leads: false).wait(for: "ready")
        return (job, KithKeeperTests.numbers(in: heard.text))
    }

    @Test func `a process has its own session, group, default signals and no descriptor of ours`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell(
                "echo $$; cut -d' ' -f5,6 /proc/self/stat; ls /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status")
            let text = try await job.follow(from: 0, leads: false).all().text
            let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
            let id = try #require(words.first)
            #expect(words.dropLast() == [id, id, id, "0", "1", "2", "3", "SigBlk:", "0000000000000000", "SigIgn:"])
            // Signals 32 and 33 are glibc's own and not for programs.
            let ignored = try #require(words.last.flatMap { UInt64($0, radix: 16) })
            #expect(ignored & ~0x1_8000_0000 == 0)
        }
    }

    @Test func `a process that ignores TERM is killed`() async throws {
        try await Keep.with { keep in
            let (job, processes) = try await start(
                "trap '' TERM; echo $$; echo ready; while :; do sleep 100; done", in: keep)
            job.requestEnd()
            let end = try await job.finished()
            #expect(end.exit == .signal(9))
            #expect(end.wasEnded)
            #expect(processes.filter(isAlive) == [])
        }
    }

    @Test func `a stopped process can be ended`() async throws {
        try await Keep.with(limits: KeeperLimits()) { keep in
            let (job, _) = try await start("trap 'exit 3' TERM; echo ready; kill -STOP $$; sleep 100", in: keep)
            job.requestEnd()
            #expect(try await job.finished().exit == .code(3))
        }
    }

    @Test func `double forks in sessions of their own that ignore TERM are gone after the end`() async throws {
        try await Keep.with { keep in
            let stray = "setsid sh -c \"trap '' TERM; (trap '' TERM; echo \\$\\$; exec sleep 100) & sleep 100\" &"
            let (job, processes) = try await start(
                "\(stray) \(stray) sleep 0.3; echo $$; echo ready; wait; sleep 100", in: keep)
            #expect(processes.count == 3)
            job.requestEnd()
            _ = try await job.finished()
            await waitUntil { Keep.marked(job.id) == [] }
            #expect(processes.filter(isAlive) == [])
        }
    }

    @Test func `a process that cleared its environment is found by its parents`() async throws {
        try await Keep.with { keep in
            let (job, processes) = try await start(
                "env -i setsid /bin/sh -c \"trap '' TERM; echo \\$\\$; while :; do /bin/sleep 1; done\" & sleep 0.3; echo ready; wait",
                in: keep)
            job.requestEnd()
            _ = try await job.finished()
            await waitUntil { processes.filter(isAlive) == [] }
        }
    }

    @Test func `a tree that multiplies in sessions of its own is gone after the end`() async throws {
        try await Keep.with { keep in
            let bomb =
                "b() { trap '' TERM; [ $1 -gt 0 ] && { setsid sh -c \"$B\" b $(($1-1)) & setsid sh -c \"$B\" b $(($1-1)) & }; sleep 100; }; b $1"
            let job = try await keep.shell("export B='\(bomb.replacing("'", with: "'\\''"))'; sh -c \"$B\" b 5")
            await waitUntil { Keep.marked(job.id).count > 40 }
            job.requestEnd()
            _ = try await job.finished()
            await waitUntil { Keep.marked(job.id) == [] }
        }
    }

    @Test func `time that is up ends a job, and says so`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("setsid sleep 100 & sleep 100") { $0.timeout = .milliseconds(300) }
            let end = try await job.finished()
            #expect(end.timedOut)
            #expect(end.exit == .signal(15))
            await waitUntil { Keep.marked(job.id) == [] }
        }
    }

    @Test func `who holds a pipe does not hold the answer, and lives on`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("sleep 100 & echo $!; exit 2") { $0.isDetached = true }
            let start = ContinuousClock.now
            let heard = try await job.follow(from: 0, leads: true).all()
            #expect(heard.end?.exit == .code(2))
            #expect(start.duration(to: .now) < .seconds(60))
            let processes = KithKeeperTests.numbers(in: heard.text)
            #expect(processes.filter(isAlive).count == 1)
            for process in processes { kill(process, SIGKILL) }
        }
    }

    @Test func `an end that comes while someone holds a pipe ends him as well`() async throws {
        var limits = KeeperLimits.quick
        limits.linger = .seconds(20)
        try await Keep.with(limits: limits) { keep in
            let job = try await keep.shell("trap '' TERM; (echo $$; sleep 100) & exec >&-; sleep 0.2; exit 0")
            job.requestEnd()
            _ = try await job.finished()
            await waitUntil { Keep.marked(job.id) == [] }
        }
    }

    @Test func `all jobs are stopped at once`() async throws {
        try await Keep.with { keep in
            for _ in 0..<20 { _ = try await keep.shell("trap '' TERM; while :; do sleep 100; done") }
            try await keep.client.stopAll(grace: .milliseconds(50))
            #expect(await keep.client.runningCount == 0)
        }
    }
}

extension Keep {
    /// The living processes that carry a job's mark.
    static func marked(_ id: JobID) -> [Int32] { ProcessTable.now().members(of: id, leader: 0).map(\.id) }
}
