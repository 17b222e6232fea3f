import FoundationEssentials
import KithAPI
import Testing

@testable import KithCLI

/// What people see, as they see it.
struct ViewTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func peer(_ name: String, _ state: PeerStatus.State, _ grants: GrantSet = GrantSet()) throws -> PeerStatus {
        PeerStatus(
            id: try #require(PeerID(bytes: Array(repeating: 1, count: 32))), name: PeerName(nearest: name),
            status: state,
            address: Address("192.0.2.7"), lastSeen: now.addingTimeInterval(-130), latency: 3.21, grants: grants)
    }

    @Test func `peers stand in a table`() throws {
        let peers = [
            try peer("studio", .online, GrantPreset.mine.grants),
            try peer(
                "a-long-name", .offline, GrantSet([GrantRule(.exec, scope: ["git"]), GrantRule(.contextWrite, .deny)])),
            try peer("new", .unpaired),
        ]

        #expect(
            PeersListCommand.view(peers, at: now) == """
                NAME         STATUS    ID        ADDRESS         SEEN       LATENCY  MAY
                studio       online    aeaqcaib  192.0.2.7:5484  2 min ago  3.2 ms   mine
                a-long-name  offline   aeaqcaib  192.0.2.7:5484  2 min ago  3.2 ms   exec=git, not context.write
                new          unpaired  aeaqcaib  192.0.2.7:5484             3.2 ms
                """)
    }

    @Test func `what a peer may is the nearest preset and what differs`() {
        func summary(_ rules: [GrantRule]) -> String { GrantSummary(GrantSet(rules), at: now).text }
        let (mine, worker) = (GrantPreset.mine.grants.rules, GrantPreset.worker.grants.rules)
        func without(_ rules: [GrantRule], _ grants: Grant...) -> [GrantRule] {
            rules.filter { !grants.contains($0.grant) }
        }

        #expect(summary([]) == "")
        #expect(summary(mine.reversed()) == "mine")
        #expect(summary(mine + [GrantRule(.vouch)]) == "mine, vouch")
        #expect(summary(without(mine, .exec) + [GrantRule(.exec, scope: ["git", "swift"])]) == "mine, exec=git…")
        #expect(
            summary(mine + [GrantRule(.contextWrite, .deny, scope: ["secret/"])]) == "mine, not context.write=secret/")
        #expect(summary(without(worker, .exec, .terminal)) == "worker without exec and terminal")
        #expect(
            summary(without(worker, .exec) + [GrantRule(.exec, .ask), GrantRule(.vouch)])
                == "worker, ask for exec, vouch")
        #expect(summary([GrantRule(.exec, bounds: ExecBounds(sandbox: .workspace))]) == "exec…")
        let ended = GrantRule(.exec, scope: ["git"], expiresAt: now.addingTimeInterval(-1))
        let ending = GrantRule(.task, expiresAt: now.addingTimeInterval(1))
        #expect(summary(GrantPreset.standard.grants.rules + [ended, ending]) == "default, task")
    }

    @Test func `on a terminal the last column is cut to its width`() throws {
        let rules = (1...9).map { GrantRule(.contextRead, scope: ["\($0)/"]) }
        let peers = [try peer("studio", .online, GrantSet(rules)), try peer("new", .unpaired)]

        let lines = PeersListCommand.view(peers, at: now, width: 80).split(separator: "\n")

        #expect(lines.map(\.count).max() == 80)
        #expect(lines[1].hasSuffix("3.2 ms   context.read=1/…"), "\(lines[1])")
    }

    @Test func `an approval tells what would be read`() throws {
        func input(_ digest: String?, _ size: Int?, _ staysOpen: Bool?) -> String {
            ApprovalsListCommand.input(
                of: Approval(
                    approvalID: "a", peer: PeerName(nearest: "studio"), title: "sh", command: ["sh"],
                    program: "/bin/sh", folder: "/", inputDigest: digest, inputSize: size, inputStaysOpen: staysOpen,
                    askedAt: now, expiresAt: now))
        }
        #expect(input(nil, nil, false) == "none")
        #expect(input("ab", 3, false) == "3 bytes, sha256 ab")
        #expect(input(nil, nil, true) == "stays open, whatever comes")
        #expect(input("ab", 3, true) == "3 bytes, sha256 ab, then stays open, whatever comes")
    }

    @Test func `nobody is said in a sentence`() {
        #expect(PeersListCommand.view([], at: now).hasPrefix("No peers yet."))
    }

    @Test func `the names are those of paired peers`() throws {
        #expect(PeersListCommand.names([try peer("studio", .offline), try peer("new", .unpaired)]) == "studio")
    }

    @Test func `grants are told rule by rule`() throws {
        let end = now.addingTimeInterval(7200)
        let grants = GrantSet([
            GrantRule(.observe), GrantRule(.exec, scope: ["git", "\u{1b}x"], expiresAt: end),
            GrantRule(.contextWrite, .deny),
        ])

        #expect(
            PeerView.grants(try peer("studio", .online, grants), at: now) == """
                studio may here:
                  observe
                  exec: git, \\x1bx (for 2 h)
                  not context.write
                """)
    }

    @Test func `entries stand in a table, long values cut`() {
        let entries = [
            ContextEntry(
                key: "a", value: "line\nline", version: 1, createdAt: now, updatedAt: now,
                expiresAt: now.addingTimeInterval(90)),
            ContextEntry(
                key: "build/\u{1b}", value: String(repeating: "x", count: 500), version: 12, createdAt: now,
                updatedAt: now.addingTimeInterval(-7200)),
        ]

        #expect(
            ContextListCommand.view(entries, at: now) == """
                KEY         VALUE                                             VERSION  SET      ENDS
                a           line\\x0aline                                      1        now      in 1 min 30 s
                build/\\x1b  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…  12       2 h ago
                """)
    }

    @Test func `findings stand with their remedies`() {
        let findings = [
            Finding("clock", .ok, "It is right."), Finding("avahi", .failed, "Not there.", remedy: "Install it."),
        ]

        #expect(
            DoctorCommand.view(findings) == """
                ok       clock  It is right.
                FAILED   avahi  Not there.
                                → Install it.
                1 failed.
                """)
    }

    @Test func `files stand as ls has them`() {
        let file = FileEntry(name: "a\nb", path: "/a", type: .file, size: 1234, mode: 0o644, modified: now)
        let folder = FileEntry(name: "src", path: "/src", type: .directory, size: 0, mode: 0o755, modified: now)
        let link = FileEntry(name: "l", path: "/l", type: .symlink, size: 0, mode: 0o777, modified: now, target: "src")
        let time = Measure.moment(now, at: now)

        #expect(ListFilesCommand.short([file, folder, link]) == "a\\x0ab\nsrc/\nl")
        #expect(
            ListFilesCommand.long([file, folder, link], at: now) == """
                -rw-r--r--  1234  \(time)  a\\x0ab
                drwxr-xr-x     -  \(time)  src
                lrwxrwxrwx     -  \(time)  l -> src
                """)
    }

    @Test func `a transfer says what was there already`() {
        let summary = TransferSummary(entries: 0, unchanged: 2, duration: 210)

        #expect(TransferRun.view(summary, "Sent") == "Sent 0 entries (0 B) in 210 ms; 2 were there already.")
    }

    @Test func `a dry run shows what is new and what is the same`() {
        #expect(TransferRun.view(TransferOutcome(path: "/a\u{1b}", state: .pending, size: 5)).hasPrefix("new      /a"))
        #expect(TransferRun.view(TransferOutcome(path: "/b", state: .unchanged)) == "same     /b")
        #expect(TransferRun.view(TransferOutcome(path: "/c", state: .replacing, size: 5)).hasPrefix("replace  /c"))
    }

    @Test func `a transfer ends with a sentence`() {
        let summary = TransferSummary(entries: 3, bytes: 1_500_000, failures: 1, duration: 210)

        #expect(TransferRun.view(summary, "Sent") == "Sent 3 entries (1.4 MiB) in 210 ms; 1 failed.")
    }

    @Test func `progress says share, rate and time left`() {
        var rate = Rate()
        let start = ContinuousClock.now
        _ = rate.line(TransferEvent(.progress, bytes: 0, totalBytes: 4 << 20), at: start)

        let line = rate.line(TransferEvent(.progress, bytes: 1 << 20, totalBytes: 4 << 20), at: start + .seconds(1))

        #expect(line == "25 %  1.0 MiB of 4.0 MiB  1.0 MiB/s  4 s left")
    }

    @Test func `a record of the audit stands on one line`() throws {
        let time = Measure.date(try Date("2026-11-21T10:00:00Z", strategy: .iso8601))
        let record = AuditRecord(
            number: 1, time: "2026-11-21T10:00:00.000Z", caller: "studio(aeaqcaib)", action: "exec.run",
            object: "git\nlog", result: "ok",
            details: ["exitCode": "0"], previous: "", hash: "")

        #expect(
            LogsCommand.line(record, at: now)
                == "\(time)  studio(aeaqcaib)  exec.run        ok     git\\x0alog  exitCode=0")
    }

    @Test func `what happened to tasks stands in columns`() throws {
        func event(_ number: Int, _ kind: String, _ detail: String?) -> String {
            TaskView.event(
                TaskEvent(cursor: number, kind: kind, at: now, task: .example, agent: "main@studio", detail: detail),
                at: now)
        }
        let time = Measure.moment(now, at: now)

        #expect(
            [event(7, "posted", nil), event(12_345, "cancelled", "no\u{1b}")] == [
                "    7  \(time)  posted     \(TaskID.example)  main@studio",
                "12345  \(time)  cancelled  \(TaskID.example)  main@studio  no\\x1b",
            ])
        let gap = TaskEvent(cursor: 6, kind: "gap", gap: CursorGap(from: 1, to: 6))
        #expect(TaskView.event(gap, at: now) == "    6  events 1 to 6 were forgotten")
    }

    @Test func `a line of a log is cut on a terminal only`() {
        let event = TaskEvent(
            cursor: 1, kind: "failed", at: now, task: .example, agent: "main@studio",
            detail: String(repeating: "x", count: 90))

        #expect(TaskView.event(event, at: now, width: 80).count == 80)
        #expect(TaskView.event(event, at: now, width: 80).hasSuffix("xx…"))
        #expect(TaskView.event(event, at: now).hasSuffix("xx"))
    }

    @Test func `the lines of a task's text stand under each other`() throws {
        var facts = Facts()
        facts.add("state", "open")
        facts.add("body", lines: "one\ntwo\u{1b}")
        facts.add("result", lines: nil)

        #expect(facts.text == "state  open\nbody   one\n       two\\x1b")
    }
}
