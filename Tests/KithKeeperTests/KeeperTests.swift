import FoundationEssentials
import Glibc
import KithAPI
import Testing

@testable import KithKeeper

@Suite struct KeeperTests {
    private func shell(_ line: String, input: Launch.Input = .none, timeout: Duration? = nil) -> Launch {
        Launch(
            program: "/bin/sh", arguments: ["sh", "-c", line], environment: ["PATH": "/usr/bin:/bin"], folder: "/",
            input: input, timeout: timeout)
    }

    private func all(_ child: ChildProcess) async -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = await child.nextOutput() { bytes += piece.bytes }
        return bytes
    }

    /// Takes one piece and reads the numbers in it.
    private func firstNumbers(_ child: ChildProcess) async -> [Int32] {
        numbers(in: String(decoding: await child.nextOutput()?.bytes ?? [], as: UTF8.self))
    }

    private func bytesWritten(by process: Int32) throws -> Int {
        let text = String(decoding: try Data(contentsOf: URL(filePath: "/proc/\(process)/io")), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("wchar:") }
        return try #require(line.flatMap { Int($0.dropFirst(7)) })
    }

    @Test func `a process has its own session, group, default signals and no descriptor of ours`() async throws {
        let child = try await Keeper().start(
            shell(
                "cut -d' ' -f5,6 /proc/self/stat; echo $$; ls /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status"))
        let words = String(decoding: await all(child), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        let id = "\(child.processID)"
        #expect(
            words.dropLast().map(String.init) == [
                id, id, id, "0", "1", "2", "3", "SigBlk:", "0000000000000000", "SigIgn:",
            ])
        // Signals 32 and 33 are glibc's own and not for programs.
        let ignored = try #require(words.last.flatMap { UInt64($0, radix: 16) })
        #expect(ignored & ~0x1_8000_0000 == 0)
    }

    @Test func `a reader that stops makes the process wait`() async throws {
        let child = try await Keeper().start(
            Launch(program: "/usr/bin/yes", arguments: ["yes"], environment: [:], folder: "/"))
        while await child.outputs.first?.isPaused != true { await Task.yield() }
        let limits = KeeperLimits()
        #expect(try bytesWritten(by: child.processID) <= limits.outputBuffer + 32 << 10 + 64 << 10 + 8 << 10)
        #expect(await child.nextOutput()?.bytes.count == 64 << 10)
        await child.end()
    }

    @Test func `an answer that is read again goes on to its end`() async throws {
        let child = try await Keeper().start(shell("head -c 3000000 /dev/zero"))
        while await child.outputs.first?.isPaused != true { await Task.yield() }
        #expect(await all(child).count == 3_000_000)
        #expect(await child.finished().exit == .code(0))
    }

    @Test func `output that is taken late is whole though the process is long gone`() async throws {
        let child = try await Keeper(limits: .quick).start(shell("head -c 300000 /dev/zero; echo done >&2"))
        await Task.yield()
        let count = await all(child).count
        #expect(count == 300_005)
    }

    @Test func `a process that ignores its input holds only so much of it`() async throws {
        let child = try await Keeper(limits: .quick).start(shell("sleep 100", input: .open))
        let fits = await child.write(Array(repeating: 0, count: 200 << 10))
        async let rest = child.write(Array(repeating: 0, count: 300 << 10))
        while await child.inputWriters.isEmpty { await Task.yield() }
        await child.end()
        #expect(fits)
        #expect(await !rest)
        #expect(await !child.write([1]))
    }

    @Test func `a reader that leaves a full pipe is noticed`() async throws {
        let child = try await Keeper(limits: .quick).start(
            shell("head -c 1 >/dev/null; exec <&-; sleep 100", input: .open))
        #expect(await !child.write(Array(repeating: 0, count: 1 << 20)))
        await child.end()
    }

    @Test func `a process that ignores TERM is killed`() async throws {
        let child = try await Keeper(limits: .quick).start(shell("trap '' TERM; echo $$; while :; do sleep 100; done"))
        let ids = await firstNumbers(child)
        let end = await child.end()
        #expect(end.exit == .signal(9))
        #expect(end.wasEnded)
        #expect(ids.filter(isAlive) == [])
    }

    @Test func `a member that ignores TERM dies with its group though the leader went at once`() async throws {
        let child = try await Keeper(limits: .quick).start(
            shell("sh -c 'trap \"\" TERM; echo $$; while :; do sleep 100; done' & wait"))
        let ids = await firstNumbers(child)
        let end = await child.end()
        #expect(end.signalName == "TERM")
        #expect(ids.count == 1)
        #expect(ids.filter(isAlive) == [])
    }

    @Test func `a stopped process can be ended`() async throws {
        let child = try await Keeper(limits: .quick).start(
            shell("trap 'exit 3' TERM; echo $$; kill -STOP $$; sleep 100"))
        _ = await firstNumbers(child)
        #expect(await child.end().exit == .code(3))
    }

    @Test func `the end of a process is told to everyone who asks`() async throws {
        let child = try await Keeper().start(shell("exit 7"))
        async let first = child.finished()
        async let second = child.finished()
        let ends = await [first, second, child.finished()]
        #expect(ends.map(\.exit) == [.code(7), .code(7), .code(7)])
    }

    @Test func `a stopped keeper ends what runs and starts nothing`() async throws {
        let keeper = try Keeper(limits: .quick)
        let children = [
            try await keeper.start(shell("sleep 100")), try await keeper.start(shell("trap '' TERM; sleep 100")),
        ]
        await keeper.stop()
        #expect(keeper.count == 0)
        #expect(children.map(\.processID).filter(isAlive) == [])
        #expect(await failure { try await keeper.start(shell("true")) }?.code == .unavailable)
    }
}
