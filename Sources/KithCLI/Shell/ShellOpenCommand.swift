import ArgumentParser
import KithAPI
import KithClient

/// `kith shell PEER`
struct ShellOpenCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Open a terminal, and work in it.",
        usage: "kith shell [<peer>] [<options>] [--] [<command> ...]")

    @Argument(help: "The peer; this node unless given.", completion: .peers)
    var peer: String?

    @Option(help: ArgumentHelp("What to call the terminal; a number unless given.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("The folder to begin in; the home folder unless given.", valueName: "dir"))
    var cwd: String?

    @Option(help: ArgumentHelp("Set a variable in it; may be repeated.", valueName: "name=value"))
    var env: [String] = []

    @OptionGroup var escape: EscapeOptions
    @OptionGroup var common: GlobalOptions

    @Argument(parsing: .postTerminator, help: "The program and its arguments; the login shell unless given.")
    var command: [String] = []

    func validate() throws {
        if let odd = env.first(where: { !$0.contains("=") || $0.hasPrefix("=") }) {
            throw ValidationError("--env \(odd) is not of the form NAME=VALUE.")
        }
        if common.json { throw ValidationError("A terminal has no answer in JSON; `kith shell list` has.") }
    }

    /// What is asked, in a window of `size`, by a client whose terminal is of `type`.
    func request(_ size: TerminalSize, type: String?) -> OpenTerminal {
        let pairs = env.map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        return OpenTerminal(
            name: name, command: command.isEmpty ? nil : command, folder: cwd,
            environment: pairs.isEmpty ? nil : Dictionary(pairs.map { ($0[0], $0[1]) }) { $1 }, size: size, type: type)
    }

    func run() async throws {
        let session = try common.session()
        let type = ProcessEnvironment.variables["TERM"]
        let target = peer.map(KithClient.Target.named) ?? .local
        let command = self
        let run = TerminalRun(client: session.client, target: target, keys: escape.key) { size in
            command.request(size, type: type)
        } resumption: { id, _, size in
            AttachTerminal(terminal: id.text, size: size, resumes: true)
        }
        throw try await run.shell(session)
    }
}
