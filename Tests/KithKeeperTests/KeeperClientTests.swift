import FoundationEssentials
import Glibc
import KithAPI
import Testing

@testable import KithKeeper

@Suite struct KeeperClientTests {
    @Test func `both streams, their order and the exit code come back`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("echo out; read a; echo err >&2; read a; echo more; exit 7", input: .open)
            var events: [JobOutputEvent] = []
            let follower = try await job.follow(from: 0, leads: true)
            while let event = try await follower.next() {
                events.append(event)
                if events.count < 3 { try await job.write([10]) }
            }
            let end = try await job.finished()
            #expect(
                events == [
                    .output(at: 0, Output(stream: .standardOutput, bytes: Array("out\n".utf8))),
                    .output(at: 4, Output(stream: .standardError, bytes: Array("err\n".utf8))),
                    .output(at: 8, Output(stream: .standardOutput, bytes: Array("more\n".utf8))), .end(end),
                ])
            #expect(end.exit == .code(7))
        }
    }

    @Test func `what the kernel refuses is said with its reason`() async throws {
        try await Keep.with { keep in
            var launch = Keep.launch("true")
            launch.program = "/absent"
            await #expect(throws: LaunchFailure(number: ENOENT)) { try await keep.client.start(launch) }
            launch.program = "/bin/sh"
            launch.folder = "/absent"
            await #expect(throws: LaunchFailure(number: ENOENT)) { try await keep.client.start(launch) }
            #expect(await keep.client.runningCount == 0)
            #expect(keep.remembered == [])
        }
    }

    @Test func `an id is taken once`() async throws {
        try await Keep.with { keep in
            let launch = Keep.launch("sleep 100")
            _ = try await keep.client.start(launch)
            #expect(await failure { try await keep.client.start(launch) }?.code == .conflict)
        }
    }

    @Test func `input is counted as it is taken`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("cat", input: .open)
            #expect(try await job.write(Array("hello ".utf8)) == 6)
            #expect(try await job.write(Array("there".utf8)) == 11)
            try await job.closeInput()
            let heard = try await job.follow(from: 0, leads: false).all()
            #expect(heard.text == "hello there")
            #expect(try await job.record().inputTaken == 11)
        }
    }

    @Test func `input of any length comes whole, and input that nobody reads hinders nothing`() async throws {
        try await Keep.with { keep in
            let input = [UInt8](repeating: 7, count: 3 << 20)
            let counting = try await keep.shell("wc -c", input: .bytes(input))
            #expect(try await counting.follow(from: 0, leads: true).all().text == "3145728\n")
            let deaf = try await keep.shell("exit 3", input: .bytes(input))
            #expect(try await deaf.follow(from: 0, leads: true).all().end?.exit == .code(3))
        }
    }

    @Test func `a reader that leaves a full pipe is noticed`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("head -c 1 >/dev/null; exec <&-; echo left; sleep 100", input: .open)
            async let taken = job.write(Array(repeating: 0, count: 1 << 20))
            _ = try await job.follow(from: 0, leads: false).wait(for: "left")
            #expect(try await taken == 1 << 20)
            job.requestEnd()
            _ = try await job.finished()
        }
    }

    @Test func `a process that ignores its input holds only so much of it`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("sleep 100", input: .open)
            try await job.write(Array(repeating: 0, count: 256 << 10))
            async let rest = job.write(Array(repeating: 0, count: 2 << 20))
            await waitUntil { ((try? await job.record().inputTaken) ?? 0) > 256 << 10 }
            #expect(try await job.record().inputTaken < 1 << 20)
            job.requestEnd()
            _ = try await job.finished()
            _ = try? await rest
        }
    }

    @Test func `a job of its leader is forgotten with its end, a detached one is not`() async throws {
        try await Keep.with { keep in
            let led = try await keep.shell("echo led")
            _ = try await led.follow(from: 0, leads: true).all()
            let free = try await keep.shell("echo free") {
                $0.isDetached = true; $0.note = [1, 0, 255]
            }
            let end = try await free.follow(from: 0, leads: true).all().end
            await waitUntil { keep.remembered == [free.id.text] }
            #expect(await failure { try await led.record() }?.code == .notFound)
            #expect(try await led.finished().exit == .code(0))
            let record = try #require(try await keep.client.jobs().first)
            #expect(record.state == .ended(try #require(end)))
            #expect(record.note == [1, 0, 255])
            #expect(record.outputBytes == 5)
            #expect(try await keep.client.job(free.id)?.follow(from: -3, leads: false).all().text == "ee\n")
            try await keep.client.forget(free.id)
            #expect(keep.remembered == [])
        }
    }

    @Test func `a leader that does not come back to hear the end finds it later`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("read line; echo $line", input: .open)
            let follower = try await job.follow(from: 0, leads: true)
            await waitUntil { (try? await job.record().followers) == 1 }
            follower.cancel()
            await waitUntil { (try? await job.record().followers) == 0 }
            try await job.write(Array("late\n".utf8))
            #expect(try await job.finished().exit == .code(0))
            #expect(try await job.follow(from: 0, leads: true).all().text == "late\n")
            await waitUntil { keep.remembered == [] }
        }
    }

    @Test func `a command that is led from its start says all, and one that says nothing never touches the disk`()
        async throws
    {
        try await Keep.with { keep in
            let (job, leader) = try await keep.client.lead(Keep.launch("echo out; exit 4"))
            let heard = try await leader.all()
            #expect(heard.text == "out\n")
            #expect(heard.end?.exit == .code(4))
            await waitUntil { keep.remembered == [] }
            #expect(await failure { try await job.record() }?.code == .notFound)
            let silent = try await keep.client.lead(Keep.launch("exit 0"))
            #expect(try await silent.leader.next() == .end(try await silent.job.finished()))
            #expect(keep.remembered == [])
            let kept = try await keep.client.lead(Keep.launch("exit 6"), keepsEnd: true)
            _ = try await kept.leader.all()
            kept.leader.cancel()
            #expect(try await kept.job.record().state == .ended(try await kept.job.finished()))
            #expect(keep.remembered == [])
        }
    }

    @Test func `many in a row leave nothing behind`() async throws {
        try await Keep.with { keep in
            for index in 0..<300 {
                let job = try await keep.shell("echo \(index)")
                #expect(try await job.follow(from: 0, leads: true).all().text == "\(index)\n")
            }
            await waitUntil { keep.remembered == [] }
        }
    }

    @Test func `an end is told once, also to who comes later`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("exit 4") { $0.isDetached = true }
            _ = try await job.finished()
            var ends = keep.client.ends.makeAsyncIterator()
            #expect(await ends.next()?.id == job.id)
            let other = try await keep.shell("exit 5") { $0.isDetached = true }
            #expect(await ends.next()?.id == other.id)
            let later = try KeeperClient(folder: keep.folder, program: "/proc/self/exe")
            _ = try await later.jobs()
            var laterEnds = later.ends.makeAsyncIterator()
            #expect(await laterEnds.next()?.id == other.id)
            await later.close()
        }
    }

    @Test func `signals reach the group`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.01; done")
            let follower = try await job.follow(from: 0, leads: true)
            _ = try await follower.wait(for: "ready")
            try await job.signal(SIGINT)
            let heard = try await follower.all()
            #expect(heard.text == "caught\n")
            #expect(heard.end?.exit == .code(3))
        }
    }

    @Test func `the environment is the launch's and the mark`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("env | sort | grep -v -e ^_= -e ^PWD= -e SHLVL; ls /proc/self/fd | wc -l")
            let text = try await job.follow(from: 0, leads: true).all().text
            #expect(text == "KITH_JOB=\(job.id)\nPATH=/usr/bin:/bin\n4\n")
        }
    }

    @Test func `a limit of memory stands before the program runs`() async throws {
        try await Keep.with { keep in
            let job = try await keep.shell("ulimit -v") { $0.memory = 512 }
            #expect(try await job.follow(from: 0, leads: true).all().text == "\(512 << 10)\n")
        }
    }
}
