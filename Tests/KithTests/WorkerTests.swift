import Foundation
import KithAPI
import KithClient
import Testing

/// Workers of real processes: from their start to nothing being left of them.
struct WorkerTests {
    private func client(_ node: RealNode) -> KithClient { KithClient(socket: node.folder.path + "/kith/run/kith.sock") }

    private func list(_ node: RealNode) async throws -> [WorkerStatus] {
        try await client(node).call(ListWorkers()).workers
    }

    private func start(_ node: RealNode, _ count: Int) async throws -> [WorkerStatus] {
        let answer = try await node.kith("session", "start-fleet", "-c", "\(count)", "--json")
        try #require(answer.code == 0, "\(answer)")
        return try KithClient.read(WorkerList.self, from: Array(answer.output.utf8)).workers
    }

    /// Asks until all that is wanted holds, a minute at most; each asking waits for mail that does not come.
    private func until(_ node: RealNode, _ claim: ([WorkerStatus]) -> Bool) async throws -> [WorkerStatus] {
        let end = ContinuousClock.now + .seconds(60)
        _ = try await client(node).call(RegisterAgent(agent: AgentName(nearest: "nobody")))
        while true {
            let workers = try await list(node)
            if claim(workers) { return workers }
            try #require(ContinuousClock.now < end, "\(workers)")
            _ = try await client(node).call(WaitForMessage(agent: AgentName(nearest: "nobody"), seconds: 0.05))
        }
    }

    private func isAlive(_ process: Int?) -> Bool { process.map { kill(Int32($0), 0) == 0 } ?? false }

    @Test(.timeLimit(.minutes(3)))
    func `five workers answer by their names, no more widely than their parent, and nothing is left of them`()
        async throws
    {
        try await RealNode.with { node in
            let workers = try await start(node, 5)
            #expect(workers.map(\.name.text) == (1...5).map { "worker-\($0)" })
            #expect(workers.map(\.peer.text) == (1...5).map { "real/worker-\($0)" })
            #expect(workers.allSatisfy { $0.state == .running && $0.address?.host == "127.0.0.1" })
            #expect(try await start(node, 5).map(\.pid) == workers.map(\.pid))

            let doctor = try await client(node).call(Diagnose())
            #expect(doctor.findings.filter { $0.subject.hasPrefix("peer real/") && $0.verdict == .ok }.count == 5)

            let all = try await node.kith("exec", "@workers", "--", "sh", "-c", "echo here; echo there >&2")
            #expect(Set(all.output.split(separator: "\n")) == Set((1...5).map { "real/worker-\($0): here" }))
            #expect(Set(all.errors.split(separator: "\n")) == Set((1...5).map { "real/worker-\($0): there" }))
            let some = try await node.kith("exec", "*/worker-[", "--", "true")
            #expect(some.code == ErrorCode.peerUnknown.exitCode)
            let last = try await node.kith("exec", "worker-?", "--", "true")
            #expect(last == Command.Answer(0, ""))
            let detached = try await node.kith("exec", "@workers", "--detach", "--", "sleep", "1000")
            #expect(detached.code == 0 && detached.output.split(separator: "\n").count == 5, "\(detached)")
            let running = try await node.kith("jobs", "@workers")
            #expect(running.output.split(separator: "\n").count == 6, "\(running)")
            let failed = try await node.kith("exec", "real/*", "--", "sh", "-c", "exit 7")
            #expect(failed.code == 7 && failed.errors.contains("kith: 0 of 5 ended with 0."), "\(failed)")
            #expect(try await node.kith("context", "set", "a", "1", "--on", "worker-2").code == 0)
            #expect(try await node.kith("context", "get", "a", "--on", "real/worker-2").output == "1\n")

            // One command goes on in a worker, and ends with it.
            let job = try await node.kith("exec", "worker-1", "--detach", "--", "sleep", "1000")
            #expect(job.code == 0, "\(job)")
            let folders = workers.map(\.folder)
            let stopped = try await node.kith("session", "stop-all")
            #expect(stopped == Command.Answer(0, "5 workers are stopped: worker-1 to worker-5.\n"))
            #expect(workers.allSatisfy { !isAlive($0.pid) })
            let left = try await Command(["sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"]).run().output
            for folder in folders {
                #expect(!left.contains(folder))
                for file in ["lock", "run", "jobs/keeper.sock"] {
                    #expect(access("\(folder)/\(file)", F_OK) != 0, "\(file)")
                }
            }
            #expect(try await client(node).call(ListPeers()).peers.isEmpty)
            #expect(try await list(node).allSatisfy { $0.state == .stopped })
            let stoppedOne = try await node.kith("exec", "worker-2", "--", "true")
            #expect(stoppedOne.code == ErrorCode.peerOffline.exitCode)
            #expect(stoppedOne.errors.contains("Start it: `kith session start worker-2`."), "\(stoppedOne)")
            #expect(try await node.kith("session", "remove", "worker-1").code == 0)
            #expect(access(folders[0], F_OK) != 0)
            #expect(try await node.kith("session", "remove", "nobody-*").code == ErrorCode.notFound.exitCode)
            #expect(try await node.kith("session", "remove", "worker-?").output.hasPrefix("4 workers are removed"))
            #expect(try await node.kith("session", "remove", "--all").output == "There was no worker.\n")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a parent that was killed finds all its workers again, and one that was killed comes back`() async throws {
        try await RealNode.with { node in
            let before = try await start(node, 5)

            try await node.crash()
            let found = try await until(node) { $0.count == 5 && $0.allSatisfy { $0.state == .running } }
            #expect(found.map(\.pid) == before.map(\.pid))
            #expect(found.map(\.id) == before.map(\.id))
            #expect(try await node.kith("exec", "@workers", "--", "true").code == 0)

            kill(Int32(try #require(before[2].pid)), SIGKILL)
            let back = try await until(node) { $0[2].state == .running && $0[2].pid != before[2].pid }
            #expect(back[2].id == before[2].id && back[2].restarts == 1)
            #expect(back.map(\.state) == Array(repeating: .running, count: 5))
            #expect(try await node.kith("exec", "worker-3", "--", "true").code == 0)

            // A parent that dies together with some of its workers starts those anew.
            kill(Int32(try #require(back[0].pid)), SIGKILL)
            try await node.crash()
            let whole = try await until(node) { $0.count == 5 && $0.allSatisfy { $0.state == .running } }
            #expect(whole.map(\.id) == before.map(\.id))
            #expect(whole[1].pid == before[1].pid && whole[0].pid != before[0].pid)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a worker whose parent died while it stopped it does not run on`() async throws {
        try await RealNode.with { node in
            let process = Int32(try #require(try await start(node, 1).first?.pid))
            kill(process, SIGSTOP)
            async let stopping = node.kith("session", "stop-all")
            while try await client(node).call(ListPeers()).peers.isEmpty == false { await Task.yield() }

            try await node.crash()
            kill(process, SIGCONT)

            let workers = try await until(node) { _ in !isAlive(Int(process)) }
            #expect(workers.map(\.state) == [.stopped])
            #expect(try await stopping.code == 255)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a worker whose folder was taken away ends when another takes its name`() async throws {
        try await RealNode.with { node in
            let old = try #require(try await start(node, 1).first)
            try FileManager.default.removeItem(atPath: old.folder)

            let new = try #require(try await start(node, 1).first)

            #expect(new.state == .running && new.id != old.id)
            #expect(!isAlive(old.pid) && isAlive(new.pid))
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `what cannot be written down is not started, and is not said to be stopped for good`() async throws {
        try await RealNode.with { node in
            let worker = try #require(try await start(node, 1).first)
            // No file can take the place of a folder.
            let obstacle = node.folder.path + "/kith/workers.json.new"
            mkdir(obstacle, 0o700)

            let refused = try await node.kith("session", "start", "other")
            #expect(refused.code != 0 && refused.errors.contains("workers.json"), "\(refused)")
            let stopped = try await node.kith("session", "stop-all")
            #expect(stopped.code != 0 && stopped.errors.contains("will start them again"), "\(stopped)")
            #expect(!isAlive(worker.pid))
            #expect(try await list(node).map(\.state) == [.stopped, .stopped])

            rmdir(obstacle)
            #expect(try await node.kith("session", "stop-all").code == 0)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `workers have their parent's configuration, and its changes`() async throws {
        try await RealNode.with { node in
            _ = try await start(node, 2)
            let configuration = "name: other\nlisten:\n  host: 127.0.0.1\n  port: 0\ndiscovery: false\n"
            try Data(configuration.utf8).write(to: node.folder.appendingPathComponent("kith/config.yaml"))

            #expect(try await node.kith("reload").code == 0)

            let worker = KithClient(socket: node.folder.path + "/kith/sessions/worker-1/run/kith.sock")
            #expect(try await worker.call(Ping()).name.text == "other/worker-1")
            #expect(try await worker.call(ListPeers()).peers.map(\.name.text) == ["other", "other/worker-2"])
            #expect(try await node.kith("exec", "other/worker-2", "--", "true").code == 0)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a worker talks with its parent and its siblings, has no workers, and shows nothing of its parent`()
        async throws
    {
        try await RealNode.with { node in
            _ = try await start(node, 2)
            let worker = KithClient(socket: node.folder.path + "/kith/sessions/worker-1/run/kith.sock")
            let command = RunCommand(command: ["true"])
            #expect(try await worker.call(command, on: .peer("real")).exitCode == 0)
            #expect(try await worker.call(command, on: .peer("worker-2")).exitCode == 0)
            _ = try await worker.call(SetContext(key: "k", value: "v"), on: .peer("real"))
            let task = try await client(node).call(PostTask(title: "Look")).task

            let claim = try await worker.call(NextTask(everywhere: true)).claim
            #expect(claim?.task.id == task.id)
            let error = await #expect(throws: KithError.self) { try await worker.call(StartWorkers(count: 1)) }
            #expect(error?.code == .unavailable)
            let secret = node.folder.path + "/kith/identity/key.pem"
            for reader in [KithClient.Target.peer("worker-1"), .peer("real/worker-2")] {
                await #expect(throws: KithError.self) {
                    try await client(node).call(StatFile(path: secret), on: reader)
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a worker whose key is damaged is named with its remedy, and the others start`() async throws {
        try await RealNode.with { node in
            _ = try await start(node, 3)
            _ = try await node.kith("session", "stop-all")
            let key = node.folder.path + "/kith/sessions/worker-2/identity/key.pem"
            try Data("nonsense".utf8).write(to: URL(filePath: key))
            chmod(key, 0o600)

            let answer = try await node.kith("session", "start-fleet", "-c", "3")
            #expect(answer.code == ErrorCode.unavailable.exitCode)
            #expect(answer.output == "2 workers are running: worker-1, worker-3.\n")
            #expect(answer.errors.contains("worker-2 does not run."), "\(answer)")
            #expect(answer.errors.contains("`kith session remove worker-2`"), "\(answer)")
            #expect(try await list(node).map(\.state) == [.running, .stopped, .running])
            #expect(try await node.kith("exec", "@workers", "--", "true").code == 0)
            let findings = try await client(node).call(Diagnose()).findings.filter { $0.subject == "worker worker-2" }
            #expect(findings.map(\.verdict) == [.failed])
            #expect(findings.first?.remedy?.hasPrefix("kith session remove worker-2 ") == true)

            #expect(try await node.kith("session", "remove", "worker-2").code == 0)
            #expect(try await node.kith("session", "start-fleet", "-c", "3").code == 0)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a command of a worker speaks to that worker with kith, and one of the parent to the parent`() async throws {
        try await RealNode.with { node in
            _ = try await start(node, 1)
            let kith = node.line([]).last { $0.hasSuffix("/kith") } ?? "kith"
            for (place, name) in [("worker-1", "real/worker-1"), (".", "real")] {
                let answer = try await node.kith("exec", place, "--", kith, "call", "node.ping")
                #expect(try KithClient.read(NodeIdentity.self, from: Array(answer.output.utf8)).name.text == name)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a worker is not called like its parent, shows its name among processes, and is counted`() async throws {
        try await RealNode.with { node in
            let refused = try await node.kith("session", "start", "real")
            #expect(refused.code == ErrorCode.conflict.exitCode)
            #expect(refused.errors.contains("This node is called real already"), "\(refused)")
            let worker = try #require(try await start(node, 1).first)
            let line = try String(contentsOfFile: "/proc/\(worker.pid ?? 0)/cmdline", encoding: .utf8)
            #expect(line.split(separator: "\0").suffix(3) == ["run", "--worker", "real/worker-1"])
            let metrics = try await node.kith("metrics").output
            #expect(metrics.contains("kith_workers{state=\"running\"} 1\n"))
            #expect(metrics.contains("kith_worker_restarts 0\n"))
            let status = try await node.kith("session", "status", "worker-1")
            #expect(status.output.contains("KITH_HOME=\(worker.folder) kith status"))
            let odd = try await node.kith("message", "inbox", "--on", "worker-1")
            #expect(odd.code == 64)
            #expect(odd.errors.contains("`KITH_HOME=\(worker.folder) kith message inbox`"), "\(odd)")
        }
    }

    @Test(arguments: ["../x", "", ".", "a/b", "a\nb", "\u{1B}[31m", String(repeating: "x", count: 64)])
    func `a name that is none is refused at every door`(name: String) async throws {
        try await RealNode.with { node in
            let answer = try await node.kith("session", "start", "--", name)
            #expect(answer.code == 64, "\(answer)")
            #expect(!answer.errors.contains("\u{1B}"))
            let error = await #expect(throws: KithError.self) {
                try await client(node).raw(StartWorkers.name, json: try JSON.encode(["names": [name]]))
            }
            #expect(error?.code == .requestInvalid)
            #expect(access(node.folder.path + "/kith/sessions", F_OK) != 0)
        }
    }
}
