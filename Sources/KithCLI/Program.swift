import ArgumentParser
import Glibc
import KithAPI
import KithClient
import Synchronization

/// The program `kith`, from its arguments to its exit code.
public enum Program {
    /// What `kith mcp serve` does; this room says commands and does not know the server.
    static var mcpServer: (@Sendable (MCPOrder) async -> Void)? { server.withLock { $0 } }

    private static let server = Mutex<(@Sendable (MCPOrder) async -> Void)?>(nil)

    /// Runs the command of this process and leaves it.
    ///
    /// - Parameter mcpServer: what `kith mcp serve` does.
    public static func main(mcpServer: @escaping @Sendable (MCPOrder) async -> Void) async -> Never {
        signal(SIGPIPE, SIG_IGN)
        KithClient.useOneEventLoop()
        server.withLock { $0 = mcpServer }
        // Nothing is buffered: leave without waiting for threads that sit in a read.
        _exit(await run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs the command that `arguments` (without the program's name) ask for; returns the exit code.
    static func run(_ arguments: [String]) async -> Int32 {
        let command: any ParsableCommand
        do {
            command = try await RootCommand.asyncParseAsRoot(ExecWords.terminated(arguments))
        } catch {
            return explain(error)
        }
        do {
            try await perform(command)
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch  where RootCommand.exitCode(for: error) == .success || error is CleanExit {
            return explain(error)
        } catch {
            return Failure(error).report((command as? any Answering)?.common.json == true ? .json : .people)
        }
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
    private static func explain(_ error: any Error) -> Int32 {
        let code = RootCommand.exitCode(for: error)
        let text = RootCommand.fullMessage(for: error)
        let output = Output(format: .people)
        guard code != .success else {
            try? output.answer(text)
            return 0
        }
        output.note(text.hasPrefix("Error: ") ? "kith: " + text.dropFirst("Error: ".count) : text)
        return code.rawValue
    }
}

/// A command with the common options.
protocol Answering: AsyncParsableCommand {
    var common: GlobalOptions { get }
}
