import Glibc
import KithAPI
import Testing

@testable import KithKeeper

/// Terminals of real processes, through the keeper.
@Suite(.serialized, .timeLimit(.minutes(1))) struct TerminalJobTests {
    private static let size = TerminalSize(columns: 80, rows: 24)

    @Test func `a program in a terminal has one, of the right size, as its own`() async throws {
        try await KeeperFixture.with { keeper in
            let script =
                "tty -s && echo is a tty; stty size; ps -o tty=,sid=,pid= -p $$; : >/dev/tty && echo own; stty -a; read over"
            let session = try await TerminalSession(["sh", "-c", script], Self.size, in: keeper)
            try await session.shows("own")
            try await session.type("\r")
            #expect(try await session.finish().exit == .code(0))
            let text = session.screen.text
            #expect(text.contains("is a tty"))
            #expect(text.contains("24 80"))
            #expect(text.contains("own"))
            #expect(text.joined().contains(" iutf8"))
        }
    }

    @Test func `ctrl-c, ctrl-z and the end of input are keys`() async throws {
        try await KeeperFixture.with { keeper in
            let session = try await TerminalSession(["bash", "--norc", "--noprofile"], Self.size, in: keeper)
            try await session.type("PS1='re''ady> '\r")
            try await session.shows("ready>")
            try await session.type("sh -c 'echo run\"\"ning; exec cat'\r")
            try await session.shows("running")
            try await session.type("hello\r")
            try await session.wait { $0.text.count { $0 == "hello" } == 2 }
            try await session.type("\u{1a}")
            try await session.shows("Stopped")
            try await session.type("fg\r")
            try await session.wait { $0.text.count { $0.contains("exec cat") } == 3 }
            try await session.type("again\r")
            try await session.wait { $0.text.count { $0 == "again" } == 2 }
            try await session.type("\u{3}")
            try await session.wait { $0.text.last { !$0.isEmpty } == "ready>" }
            try await session.type("echo inter\"\"rupted $?\r")
            try await session.shows("interrupted 130")
            try await session.type("\u{4}")
            #expect(try await session.finish().exit == .code(0))
        }
    }

    @Test func `the smallest window counts, and a watcher's does not`() async throws {
        try await KeeperFixture.with { keeper in
            let script =
                "while :; do now=$(stty size); [ \"$now\" = \"$old\" ] || echo $now; old=$now; sleep 0.02; done"
            let first = try await TerminalSession(["bash", "-c", script], Self.size, in: keeper)
            try await first.shows("24 80")
            let second = try await TerminalSession(joining: first.job, TerminalSize(columns: 60, rows: 30))
            try await first.shows("24 60")
            try await second.attachment.resize(TerminalSize(columns: 50, rows: 10))
            try await first.shows("10 50")
            second.attachment.cancel()
            try await first.wait { $0.text.last { !$0.isEmpty } == "24 80" }
            let small = TerminalSize(columns: 20, rows: 5)
            let watcher = try await TerminalSession(joining: first.job, small, isReadOnly: true)
            try await watcher.shows("24 80")
            try await watcher.type("\u{3}")
            let third = try await TerminalSession(joining: first.job, TerminalSize(columns: 70, rows: 40))
            try await watcher.shows("24 70")
            try await third.shows("24 70")
            #expect(!third.screen.text.contains("5 20"))
        }
    }

    @Test func `everybody may leave, and the screen is there for who comes back`() async throws {
        try await KeeperFixture.with { keeper in
            let first = try await TerminalSession(["bash", "--norc", "--noprofile"], Self.size, in: keeper)
            try await first.type(
                "PS1='> '; clear; for i in {1..100}; do echo line $i; done; printf '\\e[31mr''ed\\e[m\\n'\r")
            try await first.wait { $0.text.contains("red") && $0.canvas.cursor.column == 2 }
            let wanted = Picture(first.screen)
            first.attachment.cancel()
            let again = try await TerminalSession(joining: first.job, Self.size)
            try await again.wait { $0.text.contains("red") && $0.canvas.cursor.column == 2 }
            let found = Picture(again.screen)
            #expect(found.differences(from: wanted).filter { !$0.hasPrefix("scrollback") } == [])
            #expect(found.scrollback.count > 70)
        }
    }

    @Test func `a program that asks is answered though nobody looks`() async throws {
        try await KeeperFixture.with { keeper in
            let script =
                "stty raw -echo; sleep 0.2; printf '\\033[6n'; dd bs=1 count=6 2>/dev/null | od -An -c; stty sane; read x"
            let first = try await TerminalSession(["sh", "-c", script], Self.size, in: keeper)
            first.attachment.cancel()
            let again = try await TerminalSession(joining: first.job, Self.size)
            try await again.shows("033   [   1   ;   1   R")
        }
    }

    @Test func `ending it hangs up, also on what ignores that`() async throws {
        try await KeeperFixture.with { keeper in
            let script = "trap '' HUP TERM; echo deaf; while :; do sleep 1; done"
            let deaf = try await TerminalSession(["bash", "-c", script], Self.size, in: keeper)
            try await deaf.shows("deaf")
            deaf.job.requestEnd()
            #expect(try await deaf.finish().exit == .signal(Int(SIGKILL)))
        }
    }

    @Test func `ending it lets it say goodbye`() async throws {
        try await KeeperFixture.with(grace: .seconds(20)) { keeper in
            let polite = try await TerminalSession(
                ["bash", "-c", "trap 'echo hung up; exit 3' HUP; echo polite; read"], Self.size, in: keeper)
            try await polite.shows("polite")
            polite.job.requestEnd()
            #expect(try await polite.finish().exit == .code(3))
        }
    }

    @Test func `who reads nothing stops neither the program nor the others`() async throws {
        try await KeeperFixture.with { keeper in
            let session = try await TerminalSession(
                ["sh", "-c", "read go; seq 1 100000; echo done; read x"], Self.size, in: keeper)
            let slow = try await TerminalSession(joining: session.job, Self.size)
            try await session.type("go\r")
            try await session.shows("done")
            try await slow.shows("done")
            #expect(slow.screen.text.contains("100000"))
        }
    }
}
