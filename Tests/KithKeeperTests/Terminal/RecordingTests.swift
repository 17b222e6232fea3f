import FoundationEssentials
import KithAPI
import Testing

@testable import KithKeeper

/// What real programs write in a real terminal, and the screen that is restored from it.
@Suite(.serialized, .timeLimit(.minutes(1))) struct RecordingTests {
    private static let size = TerminalSize(columns: 80, rows: 24)

    @Test func `what vim draws is restored`() async throws {
        try await Self.check([
            "vim", "-N", "-n", "-u", "NONE", "-i", "NONE", "-c", "set number hlsearch", "/etc/passwd",
        ]) {
            session in
            try await session.shows("root:x:0")
            try await session.type("/nologin\r5jdd:split\rGzz")
            try await session.shows("[+]")
        }
    }

    @Test func `what htop draws is restored`() async throws {
        try await Self.check(["htop", "-d", "5"]) { session in
            try await session.shows("Load average")
            try await session.type("t")
            try await session.shows("F10")
        }
    }

    @Test func `what tmux draws is restored`() async throws {
        let socket = "kith-test-\(ProcessInfo.processInfo.processIdentifier)"
        let command = "exec env -u TMUX tmux -f /dev/null -L \(socket) new-session sh"
        try await Self.check(["sh", "-c", command]) { session in
            try await session.type("echo o\"\"ne\r")
            try await session.shows("one")
            try await session.type("\u{2}%")
            try await session.type("\u{2}\"")
            try await session.type("echo t\"\"wo\r")
            try await session.shows("two")
        }
    }

    /// Runs a program, and after every piece that it writes compares the screen with its restoration.
    private static func check(_ command: [String], _ body: (TerminalSession) async throws -> Void) async throws {
        try await KeeperFixture.with { keeper in
            let session = try await TerminalSession(command, size, in: keeper)
            try await body(session)
            try RestoringTests.expectSame(session.screen, command[0])
            for size in [TerminalSize(columns: 60, rows: 30), TerminalSize(columns: 100, rows: 12)] {
                session.screen.resize(size)
                try RestoringTests.expectSame(session.screen, "\(command[0]) at \(size)", withScrollback: false)
            }
            session.job.requestEnd(grace: .milliseconds(100))
            _ = try await session.job.finished()
        }
    }
}
