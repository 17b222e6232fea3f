import FoundationEssentials
import Glibc
import KithAPI
import Testing

@testable import KithKeeper

/// A keeper that is a process.
@Suite struct SurvivalTests {
    @Test func `a job outlives a client that is killed, and three followers hear all of it`() async throws {
        try await Keep.withProcess { keep in
            let line = "i=0; while [ $i -lt 300 ]; do echo $i; i=$((i+1)); sleep 0.003; done"
            var launch = Keep.launch("")
            launch.program = Keep.trial
            launch.arguments = ["trial", "start", keep.folder, line]
            let starter = try Spawned(launch, bonds: .init(isMarked: false))
            let id = try #require(JobID(starter.firstLine()))
            starter.abandon()
            #expect(!isAlive(starter.processID))
            let job = try #require(try await keep.client.job(id))
            let heard = try await withThrowingTaskGroup(of: Heard.self) { group in
                for _ in 0..<3 { group.addTask { try await job.follow(from: 0, leads: false).all() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let expected = (0..<300).map { "\($0)\n" }.joined()
            #expect(heard.map(\.text) == [expected, expected, expected])
            #expect(heard.map { $0.end?.exit } == [.code(0), .code(0), .code(0)])
        }
    }

    @Test func `jobs of a keeper that is killed end, and are lost`() async throws {
        try await Keep.withProcess { keep in
            let job = try await keep.shell("setsid sleep 100 & sleep 100 & echo $$ $!; echo ready; wait") {
                $0.isDetached = true
                $0.note = [42]
            }
            let heard = try await job.follow(from: 0, leads: false).wait(for: "ready")
            let processes = KithKeeperTests.numbers(in: heard.text)
            async let finished = failure { try await job.finished() }
            kill(try keep.process(), SIGKILL)
            #expect(await finished?.code == .jobLost)
            let record = try #require(try await keep.client.jobs().first)
            #expect(record.state == .lost)
            #expect(record.note == [42])
            #expect(record.outputBytes == heard.out.count)
            #expect(processes.count == 2)
            #expect(processes.filter(isAlive) == [])
            #expect(Keep.marked(job.id) == [])
            let found = try #require(try await keep.client.job(job.id))
            let rest = try await found.follow(from: 0, leads: false).wait(for: "ready")
            #expect(rest.out == heard.out)
            #expect(await failure { try await found.finished() }?.code == .jobLost)
            var ends = keep.client.ends.makeAsyncIterator()
            #expect(await ends.next() == record)
        }
    }

    @Test func `a keeper leaves when nobody holds it and nothing runs, not before`() async throws {
        try await Keep.withProcess { keep in
            let job = try await keep.shell("read line", input: .open) { $0.isDetached = true }
            let process = try keep.process()
            await keep.client.close()
            let later = try KeeperClient(folder: keep.folder, program: Keep.trial)
            let found = try #require(try await later.job(job.id))
            #expect(try keep.process() == process)
            try await found.write([10])
            _ = try await found.finished()
            #expect(isAlive(process))
            await later.close()
            await waitUntil { !isAlive(process) }
            #expect(!FileManager.default.fileExists(atPath: keep.folder + "/keeper.sock"))
        }
    }

    @Test func `what a keeper has in memory alone is there for the next one`() async throws {
        try await Keep.withProcess { keep in
            let (job, leader) = try await keep.client.lead(Keep.launch("exit 6"), keepsEnd: true)
            _ = try await leader.all()
            leader.cancel()
            let process = try keep.process()
            await keep.client.close()
            await waitUntil { !isAlive(process) }
            let later = try KeeperClient(folder: keep.folder, program: Keep.trial)
            let found = try #require(try await later.job(job.id))
            #expect(try await found.finished() == job.finished())
            await later.close()
        }
    }

    @Test func `daemons that race start one keeper`() async throws {
        try await Keep.withProcess { keep in
            let clients = try (0..<8).map { _ in try KeeperClient(folder: keep.folder, program: Keep.trial) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in clients {
                    group.addTask { _ = try await client.start(Keep.launch("sleep 100")) }
                }
                try await group.waitForAll()
            }
            #expect(try await keep.client.jobs().count == 8)
            for client in clients { await client.close() }
        }
    }

    @Test func `a keeper of another build stays while it has jobs, then a new one comes`() async throws {
        try await Keep.withProcess { keep in
            let job = try await keep.shell("read line", input: .open) { $0.isDetached = true }
            let process = try keep.process()
            await keep.client.close()
            let copy = keep.folder + "-kith"
            try FileManager.default.copyItem(atPath: Keep.trial, toPath: copy)
            let later = try KeeperClient(folder: keep.folder, program: copy)
            let found = try #require(try await later.job(job.id))
            #expect(try keep.process() == process)
            try await found.write([10])
            _ = try await found.finished()
            await waitUntil { !isAlive(process) }
            let next = try await later.start(Keep.launch("echo new"))
            #expect(try await next.follow(from: 0, leads: true).all().text == "new\n")
            #expect(try keep.process() != process)
            try await later.stopAll()
            await later.close()
        }
    }

    @Test func `orphans are adopted and reaped`() async throws {
        try await Keep.withProcess { keep in
            let job = try await keep.shell("(setsid sh -c 'sleep 0.2' >/dev/null 2>&1 &) ; echo done")
            _ = try await job.follow(from: 0, leads: true).all()
            let keeper = try keep.process()
            await waitUntil { Self.children(of: keeper) == [] }
        }
    }

    @Test func `many in a row leak no descriptor and no zombie`() async throws {
        try await Keep.withProcess { keep in
            try await Self.run(50, in: keep)
            let keeper = try keep.process()
            let before = Self.descriptors(of: keeper)
            try await Self.run(2000, in: keep)
            await waitUntil { keep.remembered == [] }
            await waitUntil { Self.descriptors(of: keeper) <= before }
            #expect(Self.children(of: keeper) == [])
        }
    }

    @Test func `500 run at once`() async throws {
        try await Keep.withProcess { keep in
            var jobs: [HeldJob] = []
            for index in 0..<500 {
                jobs.append(try await keep.shell("echo \(index); read line; echo $line", input: .open))
            }
            #expect(await keep.client.runningCount == 500)
            for (index, job) in jobs.enumerated() {
                let follower = try await job.follow(from: 0, leads: true)
                try await job.write(Array("over\n".utf8))
                #expect(try await follower.all().text == "\(index)\nover\n")
            }
            await waitUntil { keep.remembered == [] }
        }
    }

    private static func run(_ count: Int, in keep: Keep) async throws {
        for index in 0..<count {
            var launch = Keep.launch("")
            launch.program = index % 50 == 0 ? "/absent" : "/bin/true"
            guard let job = try? await keep.client.start(launch) else { continue }
            _ = try await job.follow(from: 0, leads: true).all()
        }
    }

    private static func descriptors(of process: Int32) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count) ?? 0
    }

    private static func children(of process: Int32) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { name in
            guard Int(name) != nil, let data = try? Data(contentsOf: URL(filePath: "/proc/\(name)/stat")) else {
                return false
            }
            let rest = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
            return rest.dropFirst().first == "\(process)"
        }
    }
}

extension Spawned {
    /// What it writes until a line ends.
    func firstLine() -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < 4096 {
            var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            poll(&ready, 1, 20_000)
            guard read(output, &byte, 1) == 1, byte != 10 else { break }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
