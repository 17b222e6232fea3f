import ArgumentParser
import FoundationEssentials
import KithAPI
import Testing

@testable import KithCLI

/// Words that mean several peers, and what is said of several workers.
struct SelectorTests {
    private func name(_ text: String) throws -> PeerName { try #require(PeerName(whole: text)) }

    private func worker(_ text: String, _ state: WorkerStatus.State = .running) throws -> WorkerStatus {
        WorkerStatus(
            name: PeerName(nearest: text), peer: try name("studio/\(text)"),
            id: try #require(PeerID(bytes: Array(repeating: 1, count: 32))), state: state, folder: "/x/sessions/\(text)"
        )
    }

    @Test(arguments: [
        ("*", "studio", true), ("*", "studio/build-1", true), ("build-*", "studio/build-1", true),
        ("build-?", "studio/build-1", true), ("build-?", "studio/build-10", false),
        ("studio/*", "studio/build-1", true),
        ("studio/build-?", "studio/build-1", true), ("studio/*", "studio", false), ("stud?o", "studio/build-1", false),
        ("s*1", "studio/build-1", false), ("*-1", "studio/build-1", true), ("?", "", false),
    ])
    func `a pattern is held against the whole name of a worker and the last part`(
        pattern: String, word: String, fits: Bool
    ) throws {
        let selector = try #require(PeerSelector(pattern))
        #expect(PeerName(whole: word).map { selector.fits($0) } ?? false == fits)
    }

    @Test func `a name of one peer is no word for several`() {
        #expect(PeerSelector("studio") == nil && PeerSelector("studio/build-1") == nil && PeerSelector(".") == nil)
    }

    @Test func `names stand as people count`() throws {
        let names = ["build-10", "b", "studio/x", "build-2", "studio", "build-02", "7", "build"].map { try? name($0) }
        #expect(
            names.compactMap(\.self).sorted().map(\.text)
                == ["7", "b", "build", "build-02", "build-2", "build-10", "studio", "studio/x"])
    }

    @Test(arguments: [
        (["a"], "a is stopped."), (["a", "b"], "2 workers are stopped: a, b."),
        (["w-8", "w-9", "w-10", "w-11", "w-12"], "5 workers are stopped: w-8 to w-12."),
        (["a", "w-1", "w-2", "x", "y"], "5 workers are stopped: a, w-1, w-2 and 2 more."),
        (["w-1", "w-2", "w-3", "w-4", "w-6"], "5 workers are stopped: w-1, w-2, w-3 and 2 more."),
    ])
    func `what became of many is said without hiding any`(names: [String], sentence: String) throws {
        #expect(WorkerView.sentence(try names.map { try worker($0) }, "stopped") == sentence)
    }

    @Test func `a worker's status says how to ask it what has no --on, and the list why one does not run`() throws {
        var broken = try worker("build-3", .stopped)
        broken.folder = "/x y/sessions/build-3"
        broken.reason = "The private key cannot be read."
        #expect(
            WorkerView.text(broken, at: Date(timeIntervalSince1970: 0)).hasSuffix(
                "KITH_HOME='/x y/sessions/build-3' kith status"))
        #expect(
            WorkerView.table([broken], at: Date(timeIntervalSince1970: 0)).hasSuffix(
                "\nbuild-3: The private key cannot be read."))
    }

    @Test func `jobs of several peers stand in one table`() throws {
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        let job = Job(
            jobID: try #require(JobID("jmbswy3dpeblw")), title: "sleep 9", folder: "/", startedBy: "owner",
            startedAt: start)
        #expect(
            JobsCommand.table([(peer: "studio/build-1", job: job)], at: start + 130) == """
                PEER            JOB            STATE    STARTED    BY     COMMAND
                studio/build-1  jmbswy3dpeblw  running  2 min ago  owner  sleep 9
                """)
    }

    @Test(arguments: [
        (
            "message inbox --on studio --peek",
            "Type it there, or `kith exec studio -- kith message inbox --peek`."
        ),
        ("status --on=studio", "Type it there, or `kith exec studio -- kith status`."),
    ])
    func `a command that has no --on says how another node is asked`(line: String, hint: String) async {
        let error = await OnlyHere.error(line.split(separator: " ").map(String.init))
        #expect(error?.code == .requestInvalid && error?.hint == hint)
    }

    @Test(arguments: ["exec --on studio -- true", "status --on", "status --jsn --on x"])
    func `where --on is not what is wrong nothing is said of it`(line: String) async {
        #expect(await OnlyHere.error(line.split(separator: " ").map(String.init)) == nil)
    }

    @Test(arguments: [CompletionShell.bash, .zsh, .fish])
    func `every other name of a command is completed like the command`(shell: CompletionShell) {
        let script = CompletionAliases.added(to: RootCommand.completionScript(for: shell), for: shell)
        for (alias, command) in CompletionAliases.all {
            guard shell != .fish else {
                #expect(script.contains("case '\(command)' '\(alias)'\n"))
                #expect(script.contains("= \(alias); and set unparsed_tokens[1] \(command)\n"))
                continue
            }
            #expect(script.contains("|\(command)|\(alias)|"))
            #expect(script.contains("_kith_\(alias)() {\n    _kith_\(command)\n}\n"))
        }
        #expect(CompletionAliases.all.map(\.alias).contains("worker"))
    }
}
