import ArgumentParser
import FoundationEssentials
import KithAPI
import Testing

@testable import KithCLI

/// Every command, from the words that people type to what is asked of the daemon.
struct ParsingTests {
    private func parsed<Command>(_ line: String, as type: Command.Type = Command.self) throws -> Command {
        let words = line.split(separator: " ").map(String.init)
        return try #require(try RootCommand.parseAsRoot(ExecWords.terminated(words)) as? Command)
    }

    private func isRefused(_ line: String) -> Bool {
        do {
            _ = try RootCommand.parseAsRoot(ExecWords.terminated(line.split(separator: " ").map(String.init)))
            return false
        } catch {
            return RootCommand.exitCode(for: error).rawValue == 64
        }
    }

    @Test(arguments: [
        ("stauts", "Did you mean `kith status`?"), ("peer", "Did you mean `kith peers`?"),
        ("context sett a b", "Did you mean `kith context set`?"), ("xyzzy", "`kith --help` lists them."),
        ("message frobnicate", "`kith message --help` lists them."),
    ])
    func `a command that there is not names the nearest`(line: String, hint: String) {
        let words = line.split(separator: " ").map(String.init)

        #expect(isRefused(line))
        #expect(NearMiss.error(words)?.hint == hint)
    }

    @Test(arguments: ["exec", "peers nobody", "context set", "--jsn", "help", "status --jsn", ""])
    func `what is wrong behind a command is not a command`(line: String) {
        #expect(NearMiss.error(line.split(separator: " ").map(String.init)) == nil)
    }

    // MARK: - exec

    @Test(arguments: [
        ("exec studio ls -la", ["ls", "-la"]),
        ("exec studio -- ls -la", ["ls", "-la"]),
        ("exec studio ls --json --help --timeout 1s", ["ls", "--json", "--help", "--timeout", "1s"]),
        ("exec --cwd x studio git log -- path", ["git", "log", "--", "path"]),
        ("exec studio --cwd x git log -- path", ["git", "log", "--", "path"]),
        ("exec studio -- -odd name", ["-odd", "name"]),
        ("exec studio --task tt3ytwxjmaavd-msm6zinb --token 2 ls -la", ["ls", "-la"]),
        ("exec studio exec studio -- x", ["exec", "studio", "--", "x"]),
    ])
    func `the options of exec stop at the first word of the command`(line: String, command: [String]) throws {
        let exec = try parsed(line, as: ExecCommand.self)

        #expect(exec.streaming.command == command)
        #expect(exec.peer == "studio")
        #expect(!exec.common.json)
    }

    @Test(arguments: [
        ("exec studio ls -la", ["ls", "-la"]), ("exec studio -- ls --json", ["ls", "--json"]),
        ("exec . -- -odd", ["-odd"]),
    ])
    func `exec without options is understood without the parser, and the same`(line: String, command: [String]) throws {
        let plain = try #require(ExecWords.plain(ExecWords.terminated(line.split(separator: " ").map(String.init))))
        let exec = try parsed(line, as: ExecCommand.self)

        #expect(plain.command == command)
        #expect(exec.streaming == StreamCommand(command: plain.command))
        #expect(exec.peer == plain.peer)
    }

    @Test(arguments: [
        "exec", "exec studio", "exec studio --", "exec --json studio ls", "exec studio --json ls", "exec --help -- ls",
        "exec studio --help", "exec studio --shell x", "status a -- b",
    ])
    func `everything else goes through the parser`(line: String) {
        #expect(ExecWords.plain(ExecWords.terminated(line.split(separator: " ").map(String.init))) == nil)
    }

    @Test func `exec reads its options before the command`() throws {
        let exec = try parsed(
            "exec studio --timeout 500ms --cwd code --env A=1 --env B=x=y --env A=2 --json make -j8",
            as: ExecCommand.self)

        #expect(
            exec.buffered
                == RunCommand(
                    command: ["make", "-j8"], folder: "code", environment: ["A": "2", "B": "x=y"], timeoutSeconds: 0.5))
        #expect(exec.common.json)
    }

    @Test(arguments: ["exec studio -n ls -n", "exec -n studio -- ls -n", "exec studio --no-input ls -n"])
    func `exec leaves standard input alone when asked to`(line: String) throws {
        let exec = try parsed(line, as: ExecCommand.self)

        #expect(exec.hasNoInput && exec.command == ["ls", "-n"])
    }

    @Test func `exec takes a line for the shell instead`() throws {
        let exec = try #require(try RootCommand.parseAsRoot(["exec", "studio", "--shell", "ls | wc"]) as? ExecCommand)

        #expect(exec.streaming == StreamCommand(shell: "ls | wc"))
    }

    @Test(arguments: [
        "exec", "exec studio", "exec studio --shell x ls", "exec studio --env A ls", "exec studio --env =x ls",
        "exec studio --timeout 0 ls", "exec studio --timeout soon ls", "exec studio -la", "exec studio --nonsense ls",
        "exec studio -n -t ls",
    ])
    func `exec refuses what makes no sense`(line: String) {
        #expect(isRefused(line))
    }

    // MARK: - files

    @Test func `send makes local paths absolute and keeps the slash at the end`() throws {
        let send = try parsed("send studio a.txt ./b/ /c/d inbox/", as: SendCommand.self)

        #expect(
            send.request(in: "/home/ada")
                == SendFiles(
                    peer: "studio", sources: ["/home/ada/a.txt", "/home/ada/b/", "/c/d"], destination: "inbox/"))
    }

    @Test func `several sources need a folder to go to`() throws {
        let send = try parsed("send studio a b inbox", as: SendCommand.self)

        #expect(send.request(in: "/x").destination == "inbox/")
    }

    @Test func `pull comes to the current folder unless told otherwise`() throws {
        let pull = try parsed("pull studio build.log", as: PullCommand.self)

        #expect(
            pull.request(in: "/home/ada")
                == PullFiles(peer: "studio", sources: ["build.log"], destination: "/home/ada/"))
    }

    @Test func `pull takes the last of several paths as the destination`() throws {
        let pull = try parsed("pull studio a b to", as: PullCommand.self)

        #expect(
            pull.request(in: "/home/ada")
                == PullFiles(peer: "studio", sources: ["a", "b"], destination: "/home/ada/to/"))
    }

    @Test func `a pattern may stand for several, and so needs a folder to come to`() throws {
        let pull = try parsed("pull studio *.log to", as: PullCommand.self)

        #expect(pull.request(in: "/home/ada").destination == "/home/ada/to/")
    }

    @Test(arguments: ["send studio -n a b", "send studio --dry-run a b", "send studio -rn a b"])
    func `a dry run is asked for`(line: String) throws {
        let send = try parsed(line, as: SendCommand.self)

        #expect(
            send.request(in: "/") == SendFiles(peer: "studio", sources: ["/a"], destination: "b", isDryRun: true))
    }

    @Test(arguments: [
        "send studio - inbox/", "send studio - a b", "send studio a - b", "send studio -n - a", "send studio -",
        "pull studio -", "pull studio a b -", "pull studio - a", "pull studio -n a -",
    ])
    func `standard input and output are exactly one file`(line: String) {
        #expect(isRefused(line))
    }

    @Test func `ls and stat take a peer and a path`() throws {
        let list = try parsed("ls studio code -l --json", as: ListFilesCommand.self)
        let stat = try parsed("stat . a", as: StatFileCommand.self)

        #expect(list.peer == "studio" && list.path == "code" && list.isLong && list.common.json)
        #expect(stat.peer == "." && stat.path == "a")
    }

    // MARK: - context

    @Test func `context set reads its options`() throws {
        let set = try parsed("context set a b --ttl 1h --if-version 0 --on studio", as: ContextSetCommand.self)

        #expect(set.key == "a" && set.value == "b" && set.ttl?.wholeSeconds == 3600 && set.ifVersion == 0)
        #expect(set.target.target == .peer("studio"))
    }

    @Test func `a dash is a value for context set`() throws {
        #expect(try parsed("context set a -", as: ContextSetCommand.self).value == "-")
    }

    @Test func `the other context commands are there`() throws {
        #expect(try parsed("context get a", as: ContextGetCommand.self).key == "a")
        #expect(try parsed("context list --prefix b/", as: ContextListCommand.self).prefix == "b/")
        #expect(try parsed("context delete a --if-version 3", as: ContextDeleteCommand.self).ifVersion == 3)
    }

    // MARK: - peers

    @Test func `peers alone lists`() throws {
        #expect(try parsed("peers --json", as: PeersListCommand.self).common.json)
        #expect(try parsed("peers --names", as: PeersListCommand.self).names)
    }

    @Test func `grants are read with their scope and their end`() throws {
        let line =
            "peers grant studio --preset observer --allow exec=git,swift --deny context.write=secret/ --revoke files --for 2h"
        let now = Date(timeIntervalSince1970: 1_000_000)

        let request = try parsed(line, as: PeersGrantCommand.self).request(at: now)

        let end = Date(timeIntervalSince1970: 1_007_200)
        let rules = [
            GrantRule(.exec, .allow, scope: ["git", "swift"], expiresAt: end),
            GrantRule(.contextWrite, .deny, scope: ["secret/"], expiresAt: end),
        ]
        #expect(request == GrantPeer(peer: "studio", preset: .observer, add: rules, remove: [.filesRead, .filesWrite]))
    }

    @Test(arguments: ["owner", "exec=", "nonsense", ""])
    func `a grant that nobody can hold is refused`(word: String) {
        #expect(throws: KithError.self) { try GrantWords.rules(word, .allow, expiresAt: nil) }
    }

    @Test(arguments: [
        "peers grant studio", "peers grant studio --for 2h --preset mine", "peers rename studio -x",
        "peers rename studio a/b",
        "peers grant studio --preset god", "peers add", "peers nonsense",
    ])
    func `peers refuses what makes no sense`(line: String) {
        #expect(isRefused(line))
    }

    // MARK: - pair

    @Test func `pairing knows its two sides`() throws {
        #expect(try parsed("pair --grant mine", as: PairCommand.self).isJoining == false)
        #expect(try parsed("pair studio --code 7K3M-Q2XD", as: PairCommand.self).isJoining)
        #expect(try parsed("pair --accept - --yes", as: PairCommand.self).isJoining)
        #expect(try parsed("pair --string --yes --ttl 1h", as: PairCommand.self).isJoining == false)
    }

    @Test(arguments: [
        "pair --yes", "pair studio --yes", "pair studio --code x --yes", "pair --code x", "pair --replace",
        "pair --string --accept -",
        "pair studio --string", "pair studio --accept -", "pair --accept - --code x", "pair studio --ttl 1m",
        "pair studio --expect abc",
    ])
    func `pairing without a human needs a secret or an expected id`(line: String) {
        #expect(isRefused(line))
    }

    // MARK: - node

    @Test(arguments: [
        "init --name studio --no-mcp", "start", "stop --json", "restart", "status", "daemon run", "config check --json",
        "reload",
        "key show", "key", "logs -f -n 20 --peer studio", "logs --daemon -f", "audit verify", "doctor --json",
        "completions fish",
        "call --list", "peers status studio", "peers remove studio",
    ])
    func `the commands of the node are there`(line: String) {
        #expect(!isRefused(line))
    }

    @Test(arguments: [
        "logs -n 0", "logs --daemon --peer x", "completions csh", "call", "init --name a/b", "nonsense",
        "send studio a",
    ])
    func `the commands of the node refuse what makes no sense`(line: String) {
        #expect(isRefused(line))
    }
}
