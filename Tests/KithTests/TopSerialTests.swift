import Foundation
import Testing

/// `kith top` as it stands on terminals, while a peer goes away and comes back. The panes that were captured lie in
/// `Terminals/top-*.txt`; `KITH_RECORD=1` captures them anew.
@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(if: ThreeHosts.canBeMade && Pane.canBeMade, "needs what ThreeHostsSerial needs, and tmux, vim, htop"))
struct TopSerial {
    @Test func `a peer goes away and comes back, a job starts and ends, the daemon dies and is back`() async throws {
        try await ThreeHosts.withPaired { hosts in
            let small = try await Pane("NO_COLOR= kith top", on: hosts.h1)
            let large = try await Pane("NO_COLOR=1 kith top", on: hosts.h1, columns: 200, rows: 50)
            for pane in [small, large] { try await pane.shows("2 of 2 peers online") }
            try await Self.compare(small, "top-80x24-online")
            try await Self.compare(large, "top-200x50-online")
            #expect(try await small.picture().contains("\u{1b}[32m"))
            #expect(try await !large.picture().contains("\u{1b}[3"))

            #expect(try await hosts.h2.kith("stop").code == 0)
            for pane in [small, large] { try await pane.shows("1 of 2 peers online") }
            try await Self.compare(small, "top-80x24-away")
            try await Self.compare(large, "top-200x50-away")
            try await hosts.h2.start()
            for pane in [small, large] { try await pane.shows("2 of 2 peers online") }
            try await Self.compare(small, "top-80x24-online")

            let started = try await hosts.h3.kith("exec", "--detach", "h1", "--", "sleep", "1000")
            try await small.shows("a job of h3") { $0.contains("running") && $0.contains("h3            sleep 1000") }
            let job = started.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(try await hosts.h1.kith("kill", job).code == 0)
            try await small.shows("its end") { $0.contains("! \(job)   TERM") && $0.contains("no jobs") }

            try await hosts.h1.die()
            for pane in [small, large] { try await pane.shows("Start it with `kith start`.") }
            try await small.shows("trying again")
            try await hosts.h1.start()
            for pane in [small, large] { try await pane.shows("2 of 2 peers online") }
            try await small.shows("live again") { $0.hasSuffix("live\n") }
        }
    }

    @Test func `another window gets another picture, and whoever leaves has the terminal as it was`() async throws {
        try await ThreeHosts.with { hosts in
            try await hosts.h1.start()
            let pane = try await Pane("echo before; kith top", on: hosts.h1)
            try await pane.shows("PEERS             none yet: kith pair") { $0.contains("PEERS") }
            try await pane.resize(columns: 40, rows: 8)
            try await pane.shows("eight lines") { $0.hasSuffix("q to leave                          live\n") }
            try await pane.resize(columns: 100, rows: 30)
            try await pane.shows("thirty lines") {
                $0.contains("q to leave" + String(repeating: " ", count: 86) + "live")
            }
            #expect(try await pane.cursor().hasSuffix(" 1\n"))
            try await pane.press("q")
            let text = try await pane.shows("left 0")
            #expect(text.contains("before") && !text.contains("PEERS"))
            #expect(try await pane.cursor().hasSuffix(" 0\n"))

            let second = try await Pane("kith top; stty -a | grep -ow -- '[-]*icanon'", on: hosts.h1)
            try await second.shows("live")
            try await second.press("C-c")
            #expect(try await second.shows("left").hasPrefix("icanon\n"))
            #expect(try await hosts.h1.kith("top").output.hasPrefix("name "))
        }
    }

    @Test func `Ctrl-Z gives the terminal back until the shell goes on with it`() async throws {
        try await ThreeHosts.with { hosts in
            try await hosts.h1.start()
            let pane = try await Pane("set -m; kith top; echo paused; read line; fg; echo status $?", on: hosts.h1)
            try await pane.shows("live")
            try await pane.press("?")
            try await pane.shows("Ctrl-Z pauses")
            try await pane.press("C-z")
            #expect(try await !pane.shows("paused").contains("PEERS"))
            #expect(try await pane.cursor().hasSuffix(" 0\n"))
            try await pane.press("Enter")
            try await pane.shows("the picture again") { $0.contains("PEERS") && $0.contains("Ctrl-Z pauses") }
            try await pane.press("q")
            try await pane.shows("status 0")
        }
    }

    @Test func `whoever is stopped gives the terminal back, and takes it again`() async throws {
        try await ThreeHosts.with { hosts in
            try await hosts.h1.start()
            let file = hosts.h1.home.appendingPathComponent("top")
            let pane = try await Pane("bash --norc --noprofile -i", on: hosts.h1)
            try await pane.type("sh -c 'echo $$ > \(file.path); exec kith top'\n")
            try await pane.shows("live") { $0.hasSuffix("live\n") }
            let process = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .newlines)

            #expect(try await Command(["kill", "-TSTP", process]).run().code == 0)
            try await pane.shows("Stopped")
            #expect(try await pane.cursor().hasSuffix(" 0\n"))

            try await pane.type("fg\n")
            try await pane.shows("live again") { $0.hasSuffix("live\n") }
            try await pane.press("q")
            try await pane.type("exit\n")
            try await pane.shows("left 0")
        }
    }

    private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("Terminals")

    /// Holds what stands on a pane against what once stood there, but for its figures.
    private static func compare(_ pane: Pane, _ name: String) async throws {
        let text = masked(try await pane.text())
        let file = folder.appendingPathComponent(name + ".txt")
        if ProcessInfo.processInfo.environment["KITH_RECORD"] == "1" { try Data(text.utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name)")
    }

    /// The picture without what differs from run to run: spans of time, addresses.
    private static func masked(_ text: String) -> String {
        text.replacing(#/[^ ]+:5484/#, with: "ADDRESS:5484")
            .replacing(#/ *up .* kith /#) { String(repeating: "#", count: $0.output.count) }
            .replacing(#/ *[0-9]+ (s|min)\b/#) { String(repeating: "#", count: $0.output.0.count) }
            .replacing(#/[0-9.]+ ms */#) { String(repeating: "#", count: $0.output.count) }
    }
}
