import FoundationEssentials
import Glibc
import KithAPI

/// Kith among the servers of one agent: whether it is there, and how to change that. Where the agent has a command
/// of its own for it and is in PATH, that is used; else its settings file is changed, at that one member.
struct Registration {
    /// Where the entry is kept.
    enum Place: Sendable {
        case agent(AgentProgram)
        /// A plain `mcp.json`.
        case file(String)
    }

    /// Whether the agent knows the server.
    enum State: String, Codable, Sendable {
        /// With exactly this program and these words.
        case registered
        /// Under this name, but something else.
        case different
        case missing
        /// The agent itself is not on this machine.
        case absent
    }

    let place: Place
    let entry: AgentEntry
    let environment: [String: String]

    var title: String {
        switch place {
        case .agent(let agent): agent.title
        case .file(let path): path
        }
    }

    private var path: String {
        switch place {
        case .agent(let agent): agent.file(environment)
        case .file(let path): path
        }
    }

    private var section: String {
        if case .agent(let agent) = place { agent.section } else { "mcpServers" }
    }

    private var json: JSONValue {
        if case .agent(let agent) = place { agent.json(entry) } else { entry.json }
    }

    /// The agent's own program, if it is in PATH and has the command.
    private var program: ForeignProgram? {
        guard case .agent(let agent) = place, agent.removal(entry.name) != nil else { return nil }
        return ForeignProgram.find(agent.rawValue, environment)
    }

    /// Whether it is the same, something else, or nothing.
    func state() async throws -> State {
        guard case .agent(let agent) = place else { return Self.state(try inFile(), entry) }
        if ForeignProgram.find(agent.rawValue, environment) == nil, !hasTraces { return .absent }
        if agent == .codex, program == nil { return .absent }
        return Self.state(try await registered(), entry)
    }

    /// The program and its words that the agent starts under this name; nil where it knows none.
    func registered() async throws -> [String]? {
        guard case .agent(.codex) = place, let program else { return try inFile() }
        return try await inCodex(program)
    }

    private static func state(_ words: [String]?, _ entry: AgentEntry) -> State {
        guard let words else { return .missing }
        return words == [entry.program] + entry.words ? .registered : .different
    }

    /// Agents without a program in PATH (editors) show themselves by their folder.
    private var hasTraces: Bool {
        access(path, F_OK) == 0
            || (path.lastIndex(of: "/").map { LocalPath.isFolder(String(path[..<$0])) } ?? false
                && !path.hasSuffix("/.claude.json"))
    }

    private func inFile() throws -> [String]? {
        try AgentFile(path: path).json().value(at: [section, entry.name]).map { Self.words(of: $0) }
    }

    /// Codex keeps TOML, and says what is in it as JSON.
    private func inCodex(_ program: ForeignProgram) async throws -> [String]? {
        let (output, code) = try await program.run(["mcp", "get", entry.name, "--json"], quietly: true)
        guard code == 0, let value = try? JSON.decode(JSONValue.self, from: output),
            case .object(let members) = value
        else { return nil }
        return Self.words(of: members["transport"] ?? value)
    }

    /// The program and its words, however the agent writes them down.
    private static func words(of value: JSONValue) -> [String] {
        guard case .object(let members) = value else { return [] }
        let (command, more) = (texts(members["command"]), texts(members["args"]))
        return command + more
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap { texts($0) }
        default: []
        }
    }

    /// What adding does, a line for each step.
    func additionPlan(from state: State) -> [String] {
        guard case .agent(let agent) = place, let program, let words = agent.addition(entry) else {
            return ["set \(section).\(entry.name) in \(path) to \(Self.text(json))"]
        }
        let removal = state == .different ? agent.removal(entry.name).map { [program.line($0)] } ?? [] : []
        return removal + [program.line(words)]
    }

    /// What removing does.
    func removalPlan() -> [String] {
        guard case .agent(let agent) = place, let program, let words = agent.removal(entry.name) else {
            return ["take \(section).\(entry.name) out of \(path)"]
        }
        return [program.line(words)]
    }

    /// Makes it so.
    func add(from state: State) async throws {
        guard case .agent(let agent) = place, let program, let words = agent.addition(entry) else {
            let file = AgentFile(path: path)
            var text = try file.json()
            try text.set(entry.name, in: section, to: json)
            return try file.write(text.bytes)
        }
        if state == .different, let removal = agent.removal(entry.name) { try await program.succeed(removal) }
        try await program.succeed(words)
    }

    /// Makes it so.
    func remove() async throws {
        guard case .agent(let agent) = place, let program, let words = agent.removal(entry.name) else {
            let file = AgentFile(path: path)
            var text = try file.json()
            guard text.remove(entry.name, from: section) else { return }
            return try file.write(text.bytes)
        }
        try await program.succeed(words)
    }

    private static func text(_ value: JSONValue) -> String {
        String(decoding: (try? JSON.encode(value)) ?? [], as: UTF8.self)
    }
}
