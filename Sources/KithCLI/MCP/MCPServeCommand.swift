import ArgumentParser
import KithAPI

/// What `kith mcp serve` is told; the program that holds the server acts on it.
public struct MCPOrder: Sendable {
    /// The socket of the node that answers.
    public let socket: String
    /// Where relative paths of this machine begin.
    public let folder: String
    /// Whether the person is asked before each action.
    public let confirms: Bool
    /// What to do where no daemon listens, if it is not `kith start`.
    public let remedy: String?
}

/// `kith mcp serve`
struct MCPServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the Model Context Protocol on standard input and output.",
        discussion: """
            Agents start this; people seldom do. It needs no daemon to start and finds it when it is there. \
            With --confirm the agent's user is asked, in the agent, before a command runs or a file moves.
            """)

    @OptionGroup var node: MCPNodeOptions
    @Option(
        help: ArgumentHelp(
            "Keep everything of the node under this folder, as KITH_HOME does.", valueName: "dir", visibility: .hidden),
        completion: .directory)
    var home: String?
    @Flag(help: "Ask the user, in the agent, before a command runs or a file moves.")
    var confirm = false

    func run() async throws {
        guard let serve = Program.mcpServer else {
            throw KithError(.unavailable, "This build has no MCP server.")
        }
        await serve(
            MCPOrder(
                socket: try node.folders(home: home).socket, folder: ProcessEnvironment.folder, confirms: confirm,
                remedy: node.remedy))
    }
}

/// Which node agents use.
struct MCPNodeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Use this worker of the node instead of the node itself.", valueName: "name"))
    var session: PeerName?

    /// How a person makes it answer, if not with `kith start`.
    var remedy: String? { session.map { "Start the worker with `kith session start \($0)`." } }

    /// The folders of that node; `home` is KITH_HOME, where it was given.
    func folders(home: String?) throws -> Folders {
        var environment = ProcessEnvironment.variables
        if let home { environment["KITH_HOME"] = LocalPath.absolute(home) }
        let own = try Folders(environment: environment, userID: ProcessEnvironment.userID)
        guard let session else { return own }
        environment["KITH_HOME"] = own.data + "/sessions/\(session.text)"
        return try Folders(environment: environment, userID: ProcessEnvironment.userID)
    }

    /// The words after the program's name that start the server for this node; none of it is a secret.
    func words(home: String?, confirming confirms: Bool) -> [String] {
        let given = home.map { LocalPath.absolute($0) } ?? ProcessEnvironment.variables["KITH_HOME"]
        var words = ["mcp", "serve"]
        if let given, !given.isEmpty { words += ["--home", given] }
        if let session { words += ["--session", session.text] }
        return confirms ? words + ["--confirm"] : words
    }
}
