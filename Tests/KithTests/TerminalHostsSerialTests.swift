import Foundation
import Testing

/// Terminals as people use them, between three hosts.
@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(if: ThreeHosts.canBeMade && Pane.canBeMade, "needs what ThreeHostsSerial needs, and tmux, vim, htop"))
struct TerminalHostsSerial {
    @Test func `vim stands as it was after leaving, a daemon's death, and coming from a third host`() async throws {
        try await ThreeHosts.withPaired { hosts in
            let first = try await Pane("kith shell h2 --name work", on: hosts.h1)
            try await first.type(
                "PS1='ready> '; cd /; vim -N -n -u NONE -i NONE -c 'set number hlsearch' -c 'syntax on' /etc/passwd\r")
            try await first.shows("root:x:0")
            try await first.type("/nologin\r:split\r5jiö日本 changed\u{1b}:echo 'do'.'ne'\r")
            try await first.shows("\ndone")
            let (picture, cursor) = try await Self.settled(first)
            try await first.press("C-a", "d")
            try await first.shows("runs on. Back: kith shell attach work --on h2")

            try await hosts.h2.die()
            try await hosts.h2.start()
            try await hosts.h3.see(hosts.h2, .online)
            let third = try await Pane("kith shell attach work --on h2", on: hosts.h3)
            try await third.shows("changed")

            let (again, cursorAgain) = try await Self.settled(third)
            #expect(Cells(again) == Cells(picture))
            #expect(cursorAgain == cursor)
            try await third.type(":qa!\r")
            try await third.shows("the shell again") { $0.contains("ready>") && !$0.contains("changed\n") }
            try await third.type("exit 7\r")
            try await third.shows("left 7")
        }
    }

    @Test func `htop stands as it was, apart from its figures`() async throws {
        try await ThreeHosts.withPaired { hosts in
            let first = try await Pane("kith shell h2 --name top -- htop -d 10", on: hosts.h1)
            try await first.shows("F10Quit")
            let before = Self.withoutFigures(try await first.picture())
            try await first.press("C-a", "d")
            try await first.shows("runs on")
            try await hosts.h2.die()
            try await hosts.h2.start()
            try await hosts.h3.see(hosts.h2, .online)
            let third = try await Pane("kith shell attach --on h2", on: hosts.h3)
            try await third.shows("F10Quit")
            #expect(before.count == 2)
            #expect(Self.withoutFigures(try await third.picture()) == before)
            try await third.type("q")
            try await third.shows("left 0")
        }
    }

    @Test func `a client stays through the death of its target's daemon, and a watcher only watches`() async throws {
        try await ThreeHosts.withPaired { hosts in
            let first = try await Pane("kith shell h2 --name work -- sh", on: hosts.h1)
            try await first.type("PS1='ready''> '\r")
            try await first.shows("ready>")
            let watcher = try await Pane(
                "kith shell attach work --on h2 --read-only", on: hosts.h3, columns: 60, rows: 20)
            try await watcher.shows("ready>")
            try await watcher.type("echo not taken\r")
            try await hosts.h2.die()
            try await first.shows("is lost; trying again")
            try await hosts.h2.start()
            try await first.shows("the shell again") { $0.contains("ready>") && !$0.contains("is lost") }
            try await first.type("echo st''ill here; stty size\r")
            let text = try await first.shows("24 80")
            #expect(text.contains("still here"))
            #expect(!text.contains("not taken"))
            try await watcher.shows("still here")
            try await first.resize(columns: 50, rows: 12)
            try await first.type("clear; stty size\r")
            try await first.shows("12 50")
            #expect(try await hosts.h3.kith("shell", "kill", "work", "--on", "h2").code == 0)
            try await first.shows("left 129")
            try await watcher.shows("left 129")
        }
    }

    @Test func `a command may have a terminal that ends with it`() async throws {
        try await ThreeHosts.withPaired { hosts in
            let pane = try await Pane("kith exec -t h2 -- sh -c 'tty -s && stty size; read x; exit 5'", on: hosts.h1)
            try await pane.shows("24 80")
            try await pane.press("Enter")
            try await pane.shows("left 5")
        }
    }

    /// A picture that has stopped changing, and the cursor in it.
    private static func settled(_ pane: Pane) async throws -> (String, String) {
        var last = ""
        try await pane.shows("the same twice") { text in
            defer { last = text }
            return text == last
        }
        return (try await pane.picture(), try await pane.cursor())
    }

    /// The lines that do not move: the header of the table, and the keys at the bottom.
    private static func withoutFigures(_ picture: String) -> [[Cells.Cell]] {
        Cells(picture).lines.filter { line in
            let text = String(line.map(\.character))
            return text.contains("PRI  NI") || text.contains("F10Quit")
        }
    }
}

extension Host {
    /// Kills the daemon as a power cut would, and nothing else.
    func die() async throws {
        let answer = try await kith("status", "--json")
        struct Status: Decodable { var pid: Int }
        let status = try JSONDecoder().decode(Status.self, from: Data(answer.output.utf8))
        try #require(kill(pid_t(status.pid), SIGKILL) == 0)
    }
}
