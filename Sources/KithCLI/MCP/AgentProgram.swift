import ArgumentParser
import KithAPI

/// A coding agent that can be told of an MCP server, and where it keeps that.
enum AgentProgram: String, CaseIterable, Codable, Sendable, ExpressibleByArgument {
    case claude, codex, gemini, opencode, cursor

    /// What people call it.
    var title: String {
        switch self {
        case .claude: "Claude Code"
        case .codex: "Codex CLI"
        case .gemini: "Gemini CLI"
        case .opencode: "opencode"
        case .cursor: "Cursor"
        }
    }

    /// The file in which it keeps its servers for this user.
    func file(_ environment: [String: String]) -> String {
        let home = environment["HOME"] ?? ""
        switch self {
        case .claude:
            return environment["CLAUDE_CONFIG_DIR"].map { $0 + "/.claude.json" } ?? home + "/.claude.json"
        case .codex: return (environment["CODEX_HOME"] ?? home + "/.codex") + "/config.toml"
        case .gemini: return home + "/.gemini/settings.json"
        case .opencode:
            return (environment["XDG_CONFIG_HOME"] ?? home + "/.config") + "/opencode/opencode.json"
        case .cursor: return home + "/.cursor/mcp.json"
        }
    }

    /// Its own command to add a server at user scope; nil where it has none that asks nothing.
    func addition(_ entry: AgentEntry) -> [String]? {
        switch self {
        case .claude: ["mcp", "add", "--scope", "user", entry.name, "--", entry.program] + entry.words
        case .codex: ["mcp", "add", entry.name, "--", entry.program] + entry.words
        case .gemini: ["mcp", "add", "--scope", "user", entry.name, entry.program] + entry.words
        case .opencode, .cursor: nil
        }
    }

    /// Its own command to forget a server.
    func removal(_ name: String) -> [String]? {
        switch self {
        case .claude, .gemini: ["mcp", "remove", "--scope", "user", name]
        case .codex: ["mcp", "remove", name]
        case .opencode, .cursor: nil
        }
    }

    /// The member of its JSON file that holds the servers.
    var section: String { self == .opencode ? "mcp" : "mcpServers" }

    /// How it writes a server down.
    func json(_ entry: AgentEntry) -> JSONValue {
        let words = entry.words.map { JSONValue.string($0) }
        guard self == .opencode else { return entry.json }
        return .object([
            "type": "local", "command": .array([.string(entry.program)] + words), "enabled": true,
        ])
    }
}

/// A server as agents are told of it: a name, a program by its absolute path, its words. No secret.
struct AgentEntry: Equatable, Sendable {
    /// What agents call it, unless told otherwise.
    static let usualName = "kith"

    let name: String
    let program: String
    let words: [String]

    /// As most agents write it down.
    var json: JSONValue {
        .object([
            "command": .string(program), "args": .array(words.map { JSONValue.string($0) }),
        ])
    }
}
