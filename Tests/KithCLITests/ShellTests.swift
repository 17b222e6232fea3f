import ArgumentParser
import FoundationEssentials
import KithAPI
import Testing

@testable import KithCLI

struct ShellTests {
    private static let window = TerminalSize(columns: 80, rows: 24)

    private func parsed<Command>(_ line: String, as type: Command.Type = Command.self) throws -> Command {
        let words = line.split(separator: " ").map(String.init)
        return try #require(try RootCommand.parseAsRoot(ExecWords.terminated(words)) as? Command)
    }

    @Test(
        arguments: [
            ("shell", nil, nil), ("shell studio", "studio", nil),
            ("shell studio -- htop -d 5", "studio", ["htop", "-d", "5"]),
            ("shell studio htop -d 5", "studio", ["htop", "-d", "5"]), ("shell -- top", nil, ["top"]),
            ("shell --name x studio top", "studio", ["top"]), ("shell --escape ctrl-b studio", "studio", nil),
        ] as [(String, String?, [String]?)])
    func `a shell is opened here or on a peer`(line: String, peer: String?, command: [String]?) throws {
        let open = try parsed(line, as: ShellOpenCommand.self)
        #expect(open.peer == peer)
        #expect(open.request(Self.window, type: nil).command == command)
    }

    @Test func `a shell takes its name, folder and variables`() throws {
        let open = try parsed("shell studio --name work --cwd code --env A=1 --env B=x=y", as: ShellOpenCommand.self)
        #expect(
            open.request(Self.window, type: "xterm")
                == OpenTerminal(
                    name: "work", folder: "code", environment: ["A": "1", "B": "x=y"], size: Self.window, type: "xterm")
        )
        #expect(open.escape.key == .usual)
    }

    @Test func `terminals are listed, joined and ended`() throws {
        let attach = try parsed("shell attach work --on studio --read-only --escape none", as: ShellAttachCommand.self)
        #expect(attach.terminal == "work")
        #expect(attach.readOnly)
        #expect(attach.escape.key.letter == nil)
        #expect(try parsed("shell attach", as: ShellAttachCommand.self).terminal == nil)
        #expect(try parsed("shell kill work --on studio", as: ShellKillCommand.self).terminal == "work")
        #expect(try parsed("shell list --on studio", as: ShellListCommand.self).target.on == "studio")
    }

    @Test(arguments: [
        "shell kill", "shell list studio", "shell studio --env x", "shell studio --json", "shell attach --escape b",
    ])
    func `a shell refuses what makes no sense`(line: String) {
        #expect(throws: (any Error).self) {
            _ = try RootCommand.parseAsRoot(ExecWords.terminated(line.split(separator: " ").map(String.init)))
        }
    }

    @Test func `what a peer says of its terminals drives nothing`() throws {
        let job = Job(
            jobID: try #require(JobID("jmbswy3dpeblw")), kind: .terminal, title: "evil\u{1b}[2J", name: "a\u{7}b",
            folder: "/", startedBy: "x\u{1b}c",
            startedAt: Date(timeIntervalSince1970: 0), followers: 2)
        let text = ShellListCommand.view([job], at: Date(timeIntervalSince1970: 60))
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        #expect(text.contains("a\\x07b"))
    }
}
