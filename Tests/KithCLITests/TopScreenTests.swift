import FoundationEssentials
import KithAPI
import Testing

@testable import KithCLI

/// The picture of `kith top`, as it stands on the screen.
struct TopScreenTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func id(_ byte: UInt8) throws -> PeerID { try #require(PeerID(bytes: Array(repeating: byte, count: 32))) }

    private func node(peers: Int = 0, online: Int = 0, running: Int = 0) throws -> NodeStatus {
        NodeStatus(
            identity: NodeIdentity(id: try id(1), name: PeerName(nearest: "laptop"), version: "0.1.0", time: now),
            pid: 7, uptime: 11_520, listening: [], socket: "/s", dataFolder: "/d", discovery: "available",
            peersOnline: online, peers: peers, running: running, warnings: [])
    }

    private func peer(_ name: String, _ state: PeerStatus.State, seen seconds: Double) throws -> PeerStatus {
        PeerStatus(
            id: try id(2), name: PeerName(nearest: name), status: state, address: Address("192.0.2.7"),
            lastSeen: now.addingTimeInterval(-seconds), latency: state == .online ? 3.21 : nil)
    }

    private func job(_ letter: String, _ title: String, seconds: Double, end: Int? = nil) throws -> Job {
        let id = try #require(JobID("j" + String(repeating: letter, count: 12)))
        return Job(
            jobID: id, state: end == nil ? .running : .ended, title: title, folder: "/", startedBy: "studio",
            startedAt: now.addingTimeInterval(-seconds),
            end: end.map { CommandEnd(jobID: id, exitCode: $0, duration: 1) })
    }

    private func task(_ letter: String, _ state: TaskState, _ title: String, holder: String? = nil) throws -> TaskRecord
    {
        TaskRecord(
            id: try #require(TaskID("t" + String(repeating: letter, count: 12) + "-aeaqcaib")), title: title,
            target: [], needs: [], priority: 0, state: state, claims: 0, attempts: 0, maximumAttempts: 3,
            occurrences: 1, lastSeenAt: now, createdAt: now, updatedAt: now.addingTimeInterval(-240), poster: "main",
            holder: holder, token: 0, leaseSeconds: 60, isReady: true, isStalled: false, home: "laptop")
    }

    private func busy() throws -> NodeOverview {
        NodeOverview(
            node: try node(peers: 2, online: 1, running: 1),
            peerList: [try peer("studio", .online, seen: 1), try peer("attic", .offline, seen: 250)],
            jobList: [
                try job("a", "make -j8 all", seconds: 725), try job("b", "swift test", seconds: 90, end: 2),
                try job("c", "of yesterday", seconds: 90_000, end: 0),
            ],
            messages: MessageCounts(unread: ["reviewer": 2], unsent: ["attic": 3]),
            tasks: ["open": 1, "needs_input": 1, "done": 40],
            taskList: [
                try task("a", .open, "Later"),
                try task("b", .needsInput, "Review 日本語 names", holder: "reviewer@studio"),
            ])
    }

    private func model(_ overview: NodeOverview, _ columns: Int, _ rows: Int) -> TopModel {
        TopModel(
            overview: overview, at: now, lost: nil, now: now, size: TerminalSize(columns: columns, rows: rows))
    }

    private func picture(_ model: TopModel) -> String { TopScreen.lines(model).map(\.text).joined(separator: "\n") }

    @Test func `80 by 24: trouble first, then peers, jobs, tasks and messages in the same columns`() throws {
        #expect(
            picture(model(try busy(), 80, 24)) == """
                laptop                                                 up 3 h 12 min  kith 0.1.0
                1 of 2 peers online · 1 job · 2 unread · 2 tasks

                PEERS             STATE           SEEN  LATENCY       ADDRESS
                ● studio          online           now  3.2 ms        192.0.2.7:5484
                ○ attic           offline        4 min                192.0.2.7:5484

                JOBS              STATE          SINCE  BY            COMMAND
                ● jaaaaaaaaaaaa   running       12 min  studio        make -j8 all
                ! jbbbbbbbbbbbb   exit 2         1 min  studio        swift test



                TASKS             STATE        CHANGED  HOLDER        TITLE
                ! tbbbbbbbbbbbb…  needs input    4 min  reviewer@st…  Review 日本語 names
                ○ taaaaaaaaaaaa…  open           4 min                Later



                MESSAGES          STATE          COUNT
                ● reviewer        unread             2                kith message inbox
                ○ attic           unsent             3                until it can be reached

                q to leave                                                                  live
                """)
    }

    @Test func `200 by 50: ids as a whole, and no line moves`() throws {
        let lines = picture(model(try busy(), 200, 50)).split(separator: "\n", omittingEmptySubsequences: false)

        #expect(lines.count == 50)
        #expect(lines[0].hasPrefix("laptop   ") && lines[0].hasSuffix("up 3 h 12 min  kith 0.1.0"))
        #expect(
            lines[3...5].joined(separator: "\n") == """
                PEERS                           STATE                 SEEN  LATENCY                     ADDRESS
                ● studio                        online                 now  3.2 ms                      192.0.2.7:5484
                ○ attic                         offline              4 min                              192.0.2.7:5484
                """)
        #expect(
            lines[14] == "! tbbbbbbbbbbbb-aeaqcaib        needs input          4 min  reviewer@studio             "
                + "Review 日本語 names")
        #expect(lines[49].hasPrefix("q to leave") && lines[49].hasSuffix("live"))
    }

    @Test(arguments: [(1, 1), (5, 3), (20, 5), (30, 10), (49, 8), (50, 12), (72, 2), (300, 100), (1000, 1000)])
    func `any window gets as many lines as it has rows, none of them wider`(columns: Int, rows: Int) throws {
        let lines = TopScreen.lines(model(try busy(), columns, rows))

        #expect(lines.count == rows)
        #expect(lines.allSatisfy { Columns.width(of: $0.text) <= columns })
        #expect(lines[0].text.hasPrefix(columns == 1 ? "…" : columns == 5 ? "lapt…" : "laptop"))
    }

    @Test func `a window without room for all says how many more there are, and gives each table the same`() throws {
        var overview = try busy()
        overview.peerList = try (1...50).map { try peer("worker-\($0)", .online, seen: 1) }
        overview.jobList = try (1...50).map { try job("a", "job \($0)", seconds: 5) }
        let text = picture(model(overview, 80, 24))

        #expect(text.contains("\n  46 more: kith peers\n"))
        #expect(text.contains("\n  47 more: kith jobs --all\n"))
        #expect(text.contains("needs input") && text.contains("unread  "))
    }

    @Test func `a table without room for a row says how many there are, and how to see them`() throws {
        let lines = TopScreen.lines(model(try busy(), 40, 10)).map(\.text)

        #expect(
            lines[3...8] == [
                "PEERS             STATE",
                "  2 more: kith peers",
                "JOBS              STATE",
                "  2 more: kith jobs --all",
                "TASKS  2: kith task list --active",
                "MESSAGES  2: kith message inbox",
            ])
    }

    @Test func `a worker is said to be one where there is room for it`() throws {
        var overview = try busy()
        overview.peerList[0].worker = PeerName(nearest: "laptop")
        let line = TopScreen.lines(model(overview, 80, 24))[4].text

        #expect(line == "● studio          online           now  3.2 ms        192.0.2.7:5484 · worker")
    }

    @Test func `a question mark shows the keys, and hides them`() throws {
        var model = model(try busy(), 80, 24)
        model.showsKeys = true

        #expect(TopScreen.lines(model)[23].text == "q leaves · Ctrl-Z pauses · Ctrl-L draws anew · ? hides this")
    }

    @Test func `one more job moves nothing below it, while its step has room`() throws {
        var overview = try busy()
        let before = TopScreen.lines(model(overview, 80, 24))
        overview.jobList.insert(try job("d", "ls", seconds: 0), at: 1)
        let after = TopScreen.lines(model(overview, 80, 24))

        #expect(after[9].text.contains("ls") && after[10].text.contains("swift test"))
        #expect(after[12...] == before[12...])
    }

    @Test func `an empty node says in every table what to do`() throws {
        let text = picture(model(NodeOverview(node: try node()), 80, 24))

        #expect(text.contains("0 of 0 peers online · no jobs · nothing unread · no tasks"))
        #expect(text.contains("PEERS             none yet: kith pair"))
        #expect(text.contains("JOBS              nothing runs"))
    }

    @Test func `what waits for the owner stands where everybody looks`() throws {
        var overview = try busy()
        overview.approvalList = [
            Approval(
                approvalID: "a", peer: PeerName(nearest: "studio"), title: "rm", command: [], program: "/bin/rm",
                folder: "/", askedAt: now, expiresAt: now)
        ]

        #expect(TopScreen.lines(model(overview, 80, 24))[1].text == "studio waits for your word: kith approvals")
    }

    @Test func `a lost daemon is said in the second line and the last, and the rest is of the past`() throws {
        var lost = model(try busy(), 80, 24)
        lost.lose("The daemon is not running. Start it with `kith start`.")
        lost.lost?.since = now.addingTimeInterval(-12)
        let lines = TopScreen.lines(lost)

        #expect(lines[1].text == "The daemon is not running. Start it with `kith start`.")
        #expect(lines[23].text.hasSuffix("lost for 12 s, trying again"))
        #expect(lines[4].pieces.allSatisfy { $0.style == .quiet })
    }

    @Test func `names of others drive nothing and fit`() throws {
        var overview = try busy()
        overview.jobList = [try job("a", "\u{1b}[2J\u{202e}日本👨‍👩‍👧e\u{301}\u{301}\u{301}\u{301}\u{301}🏳️", seconds: 1)]
        let line = TopScreen.lines(model(overview, 140, 24))[8]
        let drawing = line.drawing(colours: false)

        #expect(line.text.contains(#"\x1b[2J\u{202e}日本"#))
        #expect(!drawing.contains("\u{1b}[2J") && !drawing.contains("\u{200d}"))
        #expect(Columns.width(of: line.text) <= 140)
    }

    @Test func `without colours there is no colour`() throws {
        let lines = TopScreen.lines(model(try busy(), 80, 24))
        let plain = lines.map { $0.drawing(colours: false) }.joined()
        let coloured = lines.map { $0.drawing(colours: true) }.joined()

        #expect(!plain.contains("m" + "●") && !plain.contains("\u{1b}[3") && !plain.contains("\u{1b}[1m"))
        #expect(coloured.contains("\u{1b}[32m●\u{1b}[m"))
    }

    @Test func `only the lines that have changed are written, as one update`() throws {
        var painter = ScreenPainter(colours: false)
        let size = TerminalSize(columns: 80, rows: 24)
        var overview = try busy()
        let whole = painter.draw(TopScreen.lines(model(overview, 80, 24)), size)
        let nothing = painter.draw(TopScreen.lines(model(overview, 80, 24)), size)
        overview.peerList[1].status = .connecting
        let change = painter.draw(TopScreen.lines(model(overview, 80, 24)), size)

        #expect(whole.hasPrefix("\u{1b}[?2026h\u{1b}[2J\u{1b}[1;1H") && whole.hasSuffix("\u{1b}[?2026l"))
        #expect(nothing.isEmpty)
        #expect(change.hasPrefix("\u{1b}[?2026h\u{1b}[6;1H\u{1b}[K○\u{1b}[3Gattic") || change.contains("attic"))
        #expect(change.utf8.count < 120)
        #expect(!painter.draw(TopScreen.lines(model(overview, 40, 10)), TerminalSize(columns: 40, rows: 10)).isEmpty)
    }

    @Test(arguments: [("abc", 3), ("日本", 4), ("é", 1), ("e\u{301}", 1), ("🚀", 2), ("ｱ", 1), ("한", 2), ("", 0)])
    func `columns are counted as terminals do`(text: String, columns: Int) {
        #expect(Columns.width(of: text) == columns)
    }

    @Test func `what does not fit ends with an ellipsis, and wide letters are never halved`() {
        #expect(Columns.fit("日本語", into: 5) == "日本…")
        #expect(Columns.fit("日本語", into: 4) == "日…")
        #expect(Columns.fit("日本語", into: 6) == "日本語")
        #expect(Columns.fit("abc", into: 0) == "")
    }

    @Test func `rows go to who needs them, then in steps to who wishes`() {
        #expect(TopScreen.share(13, among: [2, 3, 0, 1], then: [2, 4, 0, 2]) == [2, 4, 0, 2])
        #expect(TopScreen.share(6, among: [50, 1, 50, 0], then: [50, 4, 52, 0]) == [3, 1, 2, 0])
        #expect(TopScreen.share(0, among: [1], then: [4]) == [0])
    }
}
