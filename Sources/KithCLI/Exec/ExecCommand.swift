import ArgumentParser
import KithAPI
import KithClient

/// `kith exec`
struct ExecCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a command on a peer.",
        usage: "kith exec <peer> [<options>] [--] <command> ...",
        discussion: """
            Options are read up to the first word of the command. The words reach the program as they are, no \
            shell reads them; use --shell for pipes and globs. Input, output and errors stream. Ctrl-C \
            interrupts the command; twice within a second lets it run on alone as a job, and says how to come \
            back to it. If nobody reads the output any more, the command is ended and kith leaves with 141.

            When the link is lost, the command waits a minute for kith, which looks for it by itself; its output \
            goes on exactly where it stopped.

            The exit code is the command's own; 124 after a timeout, 128 + N after signal N, 255 when the mesh \
            failed under a running command; 69 and others of kith's own before it started.

            With --json the command gets no input, and the answer comes at its end, bounded.

            @workers means all workers of this node, and a pattern all peers that it fits, workers included, by their \
            whole names or by what follows the /: * stands for any letters, ? for one. Then each line has its peer's \
            name before it, the command gets no input, and the highest exit code is kith's. With --json each peer \
            answers in a line of its own.

            Examples:
              kith exec studio -- swift test
              kith exec studio --cwd code/app --timeout 10m make -j8
              kith exec studio --shell 'ps aux | grep swift | head -3'
              tar c Sources | kith exec studio -- tar x -C code/app
              while read host; do kith exec -n "$host" -- uptime; done < hosts
              kith exec studio --detach -- make -j8
              kith exec -t studio -- top
              kith exec @workers -- git pull
              kith exec 'build-?' -- uptime
            """)

    @Argument(help: "The peer; . is this node.", completion: .peersAndWords)
    var peer: String

    @Option(help: ArgumentHelp("End it after this long: 500ms, 30s, 2m.", valueName: "time"))
    var timeout: TimeSpan?

    @Option(help: ArgumentHelp("The folder to run in; the home folder unless given.", valueName: "dir"))
    var cwd: String?

    @Option(help: ArgumentHelp("Set a variable for the command; may be repeated.", valueName: "name=value"))
    var env: [String] = []

    @Option(help: ArgumentHelp("Run this line with /bin/sh instead of a command.", valueName: "line"))
    var shell: String?

    @Flag(name: [.customShort("t"), .customLong("terminal")], help: "Run it in a terminal, which ends with it.")
    var inTerminal = false

    @Flag(
        name: [.customShort("n"), .customLong("no-input")],
        help: "Give it no input, as ssh -n does; standard input is left alone.")
    var hasNoInput = false

    @Flag(help: "Start it as a job that needs nobody, and print its id.")
    var detach = false

    @OptionGroup var claim: ClaimOptions
    @OptionGroup var common: GlobalOptions

    @Argument(parsing: .postTerminator, help: "The program and its arguments.", completion: .shellCommand("compgen -c"))
    var command: [String] = []

    func validate() throws {
        if shell == nil, command.isEmpty { throw ValidationError("Say what to run: kith exec \(peer) -- uptime") }
        if shell != nil, !command.isEmpty { throw ValidationError("Give a command or --shell, not both.") }
        if inTerminal, detach || common.json { throw ValidationError("-t does not go with --detach or --json.") }
        if inTerminal, hasNoInput { throw ValidationError("-t reads the keyboard and does not go with -n.") }
        if PeerSelector(peer) != nil, inTerminal { throw ValidationError("-t goes to one peer, not to \(peer).") }
        if let timeout, timeout.seconds == 0 { throw ValidationError("--timeout must be longer than nothing.") }
        if let odd = env.first(where: { !$0.contains("=") || $0.hasPrefix("=") }) {
            throw ValidationError("--env \(odd) is not of the form NAME=VALUE.")
        }
    }

    /// The variables of `--env`; the last of a name counts.
    var variables: [String: String]? {
        let pairs = env.map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        return pairs.isEmpty ? nil : Dictionary(pairs.map { ($0[0], $0[1]) }) { $1 }
    }

    /// The streaming form.
    var streaming: StreamCommand {
        StreamCommand(
            command: shell == nil ? command : nil, shell: shell, folder: cwd, environment: variables,
            timeoutSeconds: timeout?.seconds
        )
    }

    /// The buffered form.
    var buffered: RunCommand {
        RunCommand(
            command: shell == nil ? command : nil, shell: shell, folder: cwd, environment: variables,
            timeoutSeconds: timeout?.seconds
        )
    }

    /// The form that needs nobody.
    var detached: KithAPI.StartCommand {
        KithAPI.StartCommand(
            command: shell == nil ? command : nil, shell: shell, folder: cwd, environment: variables,
            timeoutSeconds: timeout?.seconds
        )
    }

    func run() async throws {
        let session = try common.session()
        let claim = try await claim.find(session.client)
        let (detached, buffered) = (detached.behind(claim), buffered.behind(claim))
        if common.json || detach, let selector = PeerSelector(peer) {
            let fanOut = ExecFanOut(session: session, peers: try await selector.peers(session.client))
            throw detach ? try await fanOut.detach(detached) : try await fanOut.answer(buffered)
        }
        let bound = StartBound(seconds: timeout?.seconds, of: session.client, on: .named(peer))
        guard !detach else {
            return try await bound.keep { try await session.show(detached, on: .named(peer)) { $0.jobID.text } }
        }
        if inTerminal { throw try await runInTerminal(streaming.behind(claim), session) }
        guard common.json else {
            throw
                try await Self.stream(
                    streaming.behind(claim), on: peer, session, input: hasNoInput ? nil : StandardInput())
        }
        let bytes = try await bound.keep {
            try await session.client.raw(RunCommand.name, json: JSON.encode(buffered), on: .named(peer))
        }
        try session.output.answer(bytes)
        throw ExitCode(remote: try KithClient.read(CommandResult.self, from: bytes).exitCode)
    }
}

extension ExecCommand {
    /// Streams a command of a peer, or of all that a selector means; answers the code to leave with.
    static func stream(
        _ request: StreamCommand, on peer: String, _ session: Session, input: StandardInput? = StandardInput()
    ) async throws -> ExitCode {
        if let selector = PeerSelector(peer) {
            let fanOut = ExecFanOut(session: session, peers: try await selector.peers(session.client))
            return try await fanOut.stream(request)
        }
        return try await ExecRun(session: session, target: .named(peer), input: input).run(request)
    }

    /// Runs it in a terminal that ends with it.
    private func runInTerminal(_ request: StreamCommand, _ session: Session) async throws -> ExitCode {
        guard let terminal = RawTerminal() else { throw RawTerminal.missing("Leave out -t, or run it in a terminal.") }
        var request = request
        if let type = ProcessEnvironment.variables["TERM"], variables?["TERM"] == nil {
            request.environment = (variables ?? [:]).merging(["TERM": type]) { $1 }
        }
        let asked = request
        let keys = EscapeKey(letter: nil)
        var run = TerminalRun(client: session.client, target: .named(peer), keys: keys) { size in
            var request = asked
            request.terminal = size
            return request
        } resumption: { id, cursor, _ in
            AttachJob(jobID: id, cursor: cursor, resumes: true)
        }
        run.ownsScreen = false
        switch try await run.run(in: terminal).0 {
        case .ended(let end): return ExitCode(remote: end.exitCode)
        case .left: return ExitCode(255)
        case .signalled(let signal): return ExitCode(128 + signal)
        }
    }
}

extension ExitCode {
    /// The exit code of a remote command; one that no process can have becomes 255.
    init(remote code: Int) { self.init((0...255).contains(code) ? Int32(code) : 255) }
}
