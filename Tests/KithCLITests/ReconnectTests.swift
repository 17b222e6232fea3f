import FoundationEssentials
import Glibc
import KithAPI
import Testing

@testable import KithCLI

@Suite struct InputFeedTests {
    /// A feed of what `write` says through a pipe.
    private func withFeed(_ text: String, _ body: (InputFeed) async throws -> Void) async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        _ = write(ends[1], text, text.utf8.count)
        close(ends[1])
        try await body(InputFeed(StandardInput(descriptor: ends[0])))
    }

    @Test func `what was not taken is sent again over the next connection`() async throws {
        try await withFeed("abcdef") { feed in
            await feed.begin(afterTaking: 0)
            #expect(await feed.next() == .bytes(Array("abcdef".utf8)))
            #expect(await feed.next() == .end)
            #expect(await feed.next() == nil)
            await feed.acknowledge(2)
            await feed.begin(afterTaking: 4)
            #expect(await feed.next() == .bytes(Array("ef".utf8)))
            #expect(await feed.next() == .end)
            await feed.begin(afterTaking: 6)
            #expect(await feed.next() == .end)
        }
    }

    @Test func `a cancelled sender leaves the input to the next`() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]); close(ends[1]) }
        let feed = InputFeed(StandardInput(descriptor: ends[0]))
        await feed.begin(afterTaking: 0)
        let sender = Task { await feed.next() }
        sender.cancel()
        #expect(await sender.value == nil)
        _ = write(ends[1], "late", 4)
        await feed.begin(afterTaking: 0)
        #expect(await feed.next() == .bytes(Array("late".utf8)))
    }
}

@Suite struct InterruptionsTests {
    @Test func `the first Ctrl-C is the command's, the second within a second detaches`() async {
        let start = ContinuousClock.now
        let interruptions = Interruptions()
        #expect(await interruptions.meaning(of: SIGINT, at: start) == .pass(.interrupt))
        #expect(await interruptions.meaning(of: SIGINT, at: start + .seconds(5)) == .pass(.interrupt))
        #expect(await interruptions.meaning(of: SIGINT, at: start + .milliseconds(5900)) == .detach)
    }

    @Test func `where nobody answers, the next Ctrl-C lets the command run on, however late it comes`() async {
        let start = ContinuousClock.now
        let interruptions = Interruptions()
        #expect(await interruptions.meaning(of: SIGINT, at: start) == .pass(.interrupt))
        await interruptions.doubt()
        #expect(await interruptions.meaning(of: SIGINT, at: start + .seconds(60)) == .detach)
    }

    @Test func `a second TERM leaves`() async {
        let interruptions = Interruptions()
        #expect(await interruptions.meaning(of: SIGTERM, at: .now) == .pass(.terminate))
        #expect(await interruptions.meaning(of: SIGTERM, at: .now) == .leave(143))
    }
}

@Suite struct GrantBoundsTests {
    private func rules(_ words: String...) throws -> [GrantRule] {
        let command = try #require(
            try RootCommand.parseAsRoot(["peers", "grant", "studio"] + words) as? PeersGrantCommand)
        return try command.request(at: .distantPast).add ?? []
    }

    @Test func `patterns, asking and bounds become rules`() throws {
        let bounds = ExecBounds(sandbox: .workspace, folders: ["/work"], running: 2, seconds: 600)
        let rules = try rules(
            "--allow", #"exec=git status **, git log --format=a\,b,swift"#, "--ask", "exec=make", "--allow", "message",
            "--sandbox", "workspace", "--folder", "/work", "--running", "2", "--within", "10m")
        #expect(
            rules == [
                GrantRule(.exec, scope: ["git status **", #"git log --format=a\,b"#, "swift"], bounds: bounds),
                GrantRule(.message), GrantRule(.exec, .ask, scope: ["make"], bounds: bounds),
            ])
    }

    @Test(arguments: [
        ["--sandbox", "workspace", "--allow", "message"], ["--allow", "exec", "--running", "0"],
        ["--explain", "exec git", "--allow", "exec"], ["--sandbox", "moon", "--allow", "exec"], ["--folder", "/work"],
    ])
    func `bounds without commands are refused`(words: [String]) {
        #expect(throws: (any Error).self) {
            try RootCommand.parseAsRoot(["peers", "grant", "studio"] + words)
        }
    }

    @Test func `a question is a grant and its object`() throws {
        let question = try PeersGrantCommand.question("exec git push", about: "studio")
        #expect(question == ExplainGrant(peer: "studio", grant: .exec, object: ["git", "push"]))
    }

    @Test func `lists of jobs say how far they are`() throws {
        let id = try #require(JobID("jmbswy3dpeblw"))
        var job = Job(jobID: id, title: "make", folder: "/", startedBy: "owner", startedAt: .distantPast)
        #expect(JobsCommand.state(job) == "running")
        job.end = CommandEnd(jobID: id, exitCode: 143, signal: "TERM", duration: 1)
        #expect(JobsCommand.state(job) == "TERM")
        job.end = CommandEnd(jobID: id, exitCode: 3, duration: 1)
        #expect(JobsCommand.state(job) == "exit 3")
    }
}
