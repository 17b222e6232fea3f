import ArgumentParser
import CLinux
import Dispatch
import Glibc
import KithAPI
import KithClient
import Synchronization

/// The program `kith`, from its arguments to its exit code.
public enum Program {
    /// What `kith mcp serve` does; this room says commands and does not know the server.
    static var mcpServer: (@Sendable (MCPOrder) async -> Void)? { server.withLock { $0 } }

    private static let server = Mutex<(@Sendable (MCPOrder) async -> Void)?>(nil)

    /// The commands that do with a single thread, because nothing in their tasks blocks: starting others is a
    /// good part of what a short command costs.
    private static let singleThreaded: Set = ["exec"]

    /// Runs the command of this process and leaves it.
    ///
    /// - Parameter mcpServer: what `kith mcp serve` does.
    public static func main(mcpServer: @escaping @Sendable (MCPOrder) async -> Void) -> Never {
        signal(SIGPIPE, SIG_IGN)
        server.withLock { $0 = mcpServer }
        let arguments = Array(CommandLine.arguments.dropFirst())
        let isAlone = singleThreaded.contains(arguments.first ?? "") && takeTasks()
        // The first task; nothing is buffered, so leave without waiting for threads that sit in a read.
        Task { _exit(await run(arguments)) }
        if isAlone { Poller.shared.run() }
        dispatchMain()
    }

    /// Lets the thread that waits for the socket run the tasks, too.
    private static func takeTasks() -> Bool {
        kith_run_tasks_with { job in
            guard let job else { return }
            Poller.shared.take(unsafeBitCast(job, to: UnownedJob.self))
        }
    }

    /// Runs the command that `arguments` (without the program's name) ask for; returns the exit code.
    static func run(_ arguments: [String]) async -> Int32 {
        let words = ExecWords.terminated(arguments)
        if let (peer, command) = ExecWords.plain(words) {
            return await code(.people, .named(peer)) {
                let session = try Session(environment: ProcessEnvironment.variables, format: .people)
                throw try await ExecCommand.stream(StreamCommand(command: command), on: peer, session)
            }
        }
        let command: any ParsableCommand
        do {
            command = try await parse(words)
        } catch {
            let format: Output.Format = ExecWords.wantsJSON(words) ? .json : .people
            let isRefused = RootCommand.exitCode(for: error) != .success
            if isRefused, let miss = NearMiss.error(words) { return Failure(miss).report(format) }
            return explain(error, format)
        }
        let format: Output.Format = (command as? any Answering)?.common.json == true ? .json : .people
        return await code(format, (command as? any Aimed)?.aim ?? .local) {
            try await perform(command)
        }
    }

    /// The exit code of `work`, which says what there is to say, or what `aim` said.
    private static func code(
        _ format: Output.Format, _ aim: KithClient.Target, _ work: () async throws -> Void
    ) async -> Int32 {
        do {
            try await work()
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch let error as KithError {
            let folders = try? Folders(environment: ProcessEnvironment.variables, userID: ProcessEnvironment.userID)
            return Failure(folders.map { error.told(by: aim).seeing($0) } ?? error.told(by: aim)).report(format)
        } catch  where RootCommand.exitCode(for: error) == .success || error is CleanExit {
            return explain(error)
        } catch {
            return Failure(error).report(format)
        }
    }

    /// Asks the named command alone, which is quick; what it does not understand, and every wish for help, goes
    /// through the tree of all commands, which has the words for it.
    static func parse(_ arguments: [String]) async throws -> any ParsableCommand {
        if let type = RootCommand.leaf(arguments.first),
            let command = try? await type.asyncParseAsRoot(Array(arguments.dropFirst())),
            Swift.type(of: command) == type
        {
            return command
        }
        return try await RootCommand.asyncParseAsRoot(arguments)
    }

    private static func perform(_ command: any ParsableCommand) async throws {
        var command = command
        if var asynchronous = command as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
    }

    /// Help and version go to standard output with 0; what was typed wrongly to standard error with 64.
    private static func explain(_ error: any Error, _ format: Output.Format = .people) -> Int32 {
        let code = RootCommand.exitCode(for: error)
        let text = RootCommand.fullMessage(for: error)
        let output = Output(format: .people)
        guard code != .success else {
            try? output.answer(text)
            return 0
        }
        guard format == .people else {
            let error = KithError(.requestInvalid, RootCommand.message(for: error), hint: "See it with --help.")
            return Failure(error).report(.json)
        }
        output.note(text.hasPrefix("Error: ") ? "kith: " + text.dropFirst("Error: ".count) : text)
        return code.rawValue
    }
}

/// A command with the common options.
protocol Answering: AsyncParsableCommand {
    var common: GlobalOptions { get }
}
