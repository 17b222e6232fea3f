import Foundation
import KithAPI
import Testing

/// A new build takes over from an old one, and a killed daemon's next one from it: nothing is lost.
@Suite(.serialized)
struct UpgradeSerialTests {
    /// The two programs in a folder of their own, where they can be replaced.
    private struct Programs {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-bin-\(UUID().uuidString)").path

        static func with(_ body: (Programs) async throws -> Void) async throws {
            let programs = Programs()
            try await run("mkdir '\(programs.folder)' && cd '\(Bench.programs)' && cp kith kithd '\(programs.folder)'")
            defer { try? FileManager.default.removeItem(atPath: programs.folder) }
            try await body(programs)
        }

        /// Installs another build: the same, but for the id that the linker gave it.
        func upgrade(_ name: String, from build: String) async throws {
            try #require(build.count == 40)
            let change = """
                import sys; path, old = sys.argv[1], bytes.fromhex(sys.argv[2])
                data = open(path, "rb").read(); assert data.count(old) == 1
                open(path + ".new", "wb").write(data.replace(old, bytes(reversed(old))))
                """
            try await Self.run(
                "cd '\(folder)' && python3 -c '\(change)' \(name) \(build) && chmod 755 \(name).new && mv \(name).new \(name)"
            )
        }

        private static func run(_ line: String) async throws {
            let answer = try await Command(["sh", "-c", line]).run()
            try #require(answer.code == 0, "\(answer)")
        }
    }

    private struct Report: Decodable {
        struct Installed: Decodable {
            struct Program: Decodable { var build: String }
            var daemon: Program
            var kith: Program
        }
        var installed: Installed
        var isDaemonCurrent: Bool
        var isKeeperCurrent: Bool
    }

    /// What `kith update --check` says, and its exit code.
    private func check(_ node: PairedNode) async throws -> (report: Report, code: Int32) {
        let answer = try await node.shell("kith update --check --json")
        return (try JSONDecoder().decode(Report.self, from: Data(answer.output.utf8)), answer.code)
    }

    /// Something of each kind that must not be lost.
    private struct Belongings {
        let job: String
        let message: MessageID
        let claim: TaskClaim

        /// A job that runs, a message to a peer that is away, a lease that is held.
        init(_ laptop: PairedNode, _ studio: PairedNode) async throws {
            let line = "i=0; while [ ! -e stop ]; do i=$((i+1)); sleep 0.02; done; echo whole; exit 7"
            let started = try await laptop.shell("rm -f stop; kith exec . --detach --cwd . -- sh -c '\(line)'")
            job = started.output.trimmingCharacters(in: .newlines)
            try #require(job.hasPrefix("j"), "\(started)")
            try #require(try await studio.shell("kith stop").code == 0)
            message = try await laptop.ask(SendMessage(to: ["main@studio"], body: "kept")).id
            let task = try await laptop.ask(PostTask(title: "kept")).task.id
            claim = try await laptop.ask(ClaimTask(task: task))
        }

        /// All three are as they were, and come to their ends.
        func expectWhole(_ laptop: PairedNode, _ studio: PairedNode) async throws {
            #expect(try await laptop.ask(GetJob(jobID: try #require(JobID(job)))).state == .running)
            #expect(try await laptop.state(of: message) == .accepted)
            let other = AgentName(nearest: "other")
            _ = try await laptop.ask(RegisterAgent(agent: other))
            let late = await refusal { try await laptop.ask(ClaimTask(task: claim.task.id, agent: other)) }
            #expect(late?.code == .taskHeld)
            let done = try await laptop.ask(CompleteTask(task: claim.task.id, token: claim.token))
            #expect(done.state == .done)

            try await studio.start()
            try await laptop.wait(message, is: .stored)
            #expect(try await studio.ask(ReadInbox()).entries.map(\.message.body) == ["kept"])

            try Data().write(to: laptop.folder.appendingPathComponent("stop"))
            #expect(try await laptop.shell("kith wait \(job)").code == 7)
            #expect(try await laptop.shell("kith logs \(job)").output == "whole\n")
        }
    }

    @Test(.timeLimit(.minutes(2))) func `kill -9 keeps a running job, a queued message and a held lease`() async throws
    {
        try await PairedNode.withTwo { laptop, studio in
            let belongings = try await Belongings(laptop, studio)
            for _ in 0..<3 {
                try await laptop.kill()
                try await laptop.start()
            }
            try await belongings.expectWhole(laptop, studio)
        }
    }

    @Test(.timeLimit(.minutes(2))) func `a new build takes over and keeps all three`() async throws {
        try await Programs.with { programs in
            try await PairedNode.withTwo(programs: programs.folder) { laptop, studio in
                let belongings = try await Belongings(laptop, studio)
                let old = try await check(laptop)
                #expect(old.code == 0 && old.report.isDaemonCurrent && old.report.isKeeperCurrent)

                try await programs.upgrade("kithd", from: old.report.installed.daemon.build)
                try await programs.upgrade("kith", from: old.report.installed.kith.build)
                let due = try await check(laptop)
                #expect(due.code == 1 && !due.report.isDaemonCurrent && !due.report.isKeeperCurrent)

                #expect(try await laptop.shell("kith restart").code == 0)
                let new = try await check(laptop)
                #expect(new.code == 0 && new.report.isDaemonCurrent)
                // The job is still with the old keeper, which goes with the last of its jobs.
                #expect(!new.report.isKeeperCurrent)
                try await belongings.expectWhole(laptop, studio)
                #expect(try await laptop.shell("kith exec . -- true").code == 0)
                #expect(try await check(laptop).report.isKeeperCurrent)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `where no daemon runs, the check says so`() async throws {
        try await PairedNode.withTwo { laptop, _ in
            try #require(try await laptop.shell("kith stop").code == 0)
            #expect(try await laptop.shell("kith update --check").code == 69)
            #expect(try await laptop.shell("kith update").code == 64)
        }
    }
}
