import ArgumentParser
import FoundationEssentials
import KithAPI

/// Which agents are meant, and under which name.
struct MCPTargetOptions: ParsableArguments {
    @Argument(help: "The agents: claude, codex, gemini, opencode, cursor; all that are found unless given.")
    var agents: [AgentProgram] = []

    @Option(
        help: ArgumentHelp("A plain mcp.json instead, for any other agent.", valueName: "path"), completion: .file())
    var file: String?

    @Option(help: ArgumentHelp("What agents call the server.", valueName: "name"))
    var name: PeerName?

    @Flag(help: "Say what would be changed, and change nothing.")
    var dryRun = false

    @OptionGroup var node: MCPNodeOptions
    @OptionGroup var common: GlobalOptions

    /// The places that were named; those that exist where none was.
    func registrations(confirming confirms: Bool = false) throws -> [Registration] {
        let entry = AgentEntry(
            name: name?.text ?? AgentEntry.usualName, program: try Self.ownPath(),
            words: node.words(home: common.home, confirming: confirms))
        let environment = ProcessEnvironment.variables
        if let file {
            return [Registration(place: .file(LocalPath.absolute(file)), entry: entry, environment: environment)]
        }
        return (agents.isEmpty ? AgentProgram.allCases : agents).map {
            Registration(place: .agent($0), entry: entry, environment: environment)
        }
    }

    /// Where this executable is: agents may have another PATH.
    static func ownPath() throws(KithError) -> String {
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            throw KithError(.internalError, "The system does not say where this program is.")
        }
        return path
    }

    /// Whether an agent that is not here is to be passed over in silence.
    var asksForAll: Bool { agents.isEmpty && file == nil }
}

/// What became of one agent.
struct RegistrationReport: Codable, Sendable {
    /// Its name, or the path of the file.
    var agent: String
    /// How it was before.
    var state: Registration.State
    /// What was done, or would be; empty where nothing is to be done.
    var steps: [String]
    /// Whether the steps were taken.
    var isDone: Bool

    /// All of them.
    struct All: Codable {
        var agents: [RegistrationReport]
    }
}

extension MCPTargetOptions {
    /// Goes through the agents and shows what was done; `change` answers the steps and whether they were taken.
    /// Answers whether any were.
    @discardableResult
    func report(
        _ registrations: [Registration],
        _ change: (Registration, Registration.State) async throws -> (steps: [String], isDone: Bool)
    ) async throws -> Bool {
        var all: [RegistrationReport] = []
        for registration in registrations {
            let state = try await registration.state()
            if state == .absent, asksForAll { continue }
            let (steps, isDone) = try await change(registration, state)
            all.append(RegistrationReport(agent: registration.title, state: state, steps: steps, isDone: isDone))
        }
        try Output(format: common.json ? .json : .people).show(RegistrationReport.All(agents: all)) { view($0.agents) }
        return all.contains(where: \.isDone)
    }

    private func view(_ reports: [RegistrationReport]) -> String {
        guard !reports.isEmpty else {
            return """
                No agent that Kith knows was found here (Claude Code, Codex CLI, Gemini CLI, opencode, Cursor).
                For any other: kith mcp add --file PATH/OF/ITS/mcp.json
                """
        }
        return reports.map(Self.line).joined(separator: "\n")
    }

    private static func line(_ report: RegistrationReport) -> String {
        let words =
            switch report.state {
            case .registered: "knows Kith"
            case .different: "knows a server of this name that starts something else"
            case .missing: "does not know Kith"
            case .absent: "is not on this machine"
            }
        let steps = report.steps.map { "\n  \(report.isDone ? "done:" : "would:") \($0)" }.joined()
        return "\(report.agent) \(report.isDone ? "is changed" : words).\(steps)"
    }
}
