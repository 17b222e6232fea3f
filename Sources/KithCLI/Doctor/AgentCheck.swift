import FoundationEssentials
import Glibc
import KithAPI

/// The coding agents of this machine: whether they are here, logged in as far as their files tell, and know Kith.
struct AgentCheck {
    /// As `--home` has it.
    let home: String?
    var environment = ProcessEnvironment.variables

    func findings() async -> [Finding] {
        var findings: [Finding] = []
        for agent in AgentProgram.allCases {
            guard let registration = try? registration(agent) else { continue }
            do {
                let state = try await registration.state()
                guard state != .absent else { continue }
                findings += [login(agent), try await registered(agent, registration, state)].compactMap { $0 }
            } catch {
                let failure = KithError(wrapping: error)
                findings.append(
                    Finding(
                        "mcp \(agent.rawValue)", .warning, failure.message,
                        remedy: "${EDITOR:-vi} \(agent.file(environment))  # \(failure.hint ?? "")"))
            }
        }
        return findings.isEmpty ? [Finding("agents", .ok, "None that Kith knows is here.")] : findings
    }

    /// Registers anew with the agents that know a Kith which is not there any more.
    func mend() async -> [Finding] {
        var mended: [Finding] = []
        for agent in AgentProgram.allCases {
            guard let registration = try? registration(agent), (try? await registration.state()) == .different,
                let words = try? await registration.registered(), !isThere(words)
            else { continue }
            do {
                try await registration.add(from: .different)
                mended.append(Finding("mcp \(agent.rawValue)", .ok, "\(agent.title) starts this Kith now. Restart it."))
            } catch {
                mended.append(Finding("mcp \(agent.rawValue)", .failed, KithError(wrapping: error).message))
            }
        }
        return mended
    }

    private func registration(_ agent: AgentProgram) throws -> Registration {
        let options = try MCPNodeOptions.parse([])
        let entry = AgentEntry(
            name: AgentEntry.usualName, program: try MCPTargetOptions.ownPath(),
            words: options.words(home: home, confirming: false))
        return Registration(place: .agent(agent), entry: entry, environment: environment)
    }

    // MARK: Checks

    private func registered(_ agent: AgentProgram, _ registration: Registration, _ state: Registration.State)
        async throws -> Finding?
    {
        let subject = "mcp \(agent.rawValue)"
        switch state {
        case .registered: return Finding(subject, .ok, "\(agent.title) knows Kith.")
        case .missing:
            return Finding(subject, .ok, "\(agent.title) does not know Kith: `kith mcp add \(agent.rawValue)`.")
        case .different:
            let words = try await registration.registered() ?? []
            let line = words.joined(separator: " ")
            guard !isThere(words) else { return Finding(subject, .ok, "\(agent.title) starts `\(line)` as Kith.") }
            return Finding(
                subject, .warning, "\(agent.title) starts `\(line)` as Kith, which is not there.",
                remedy: "kith mcp add \(agent.rawValue)")
        case .absent: return nil
        }
    }

    /// Whether the program that an agent starts can be started.
    private func isThere(_ words: [String]) -> Bool {
        guard let program = words.first, !program.isEmpty else { return false }
        return program.hasPrefix("/")
            ? access(program, X_OK) == 0 : ForeignProgram.find(program, environment) != nil
    }

    /// Only whether the file of its login is there; nobody opens it.
    private func login(_ agent: AgentProgram) -> Finding? {
        guard ForeignProgram.find(agent.rawValue, environment) != nil, let login = agent.login(environment) else {
            return nil
        }
        let subject = "agent \(agent.rawValue)"
        let isThere = login.variables.contains { environment[$0] != nil } || access(login.file, F_OK) == 0
        guard !isThere else { return Finding(subject, .ok, "\(agent.title) is here, and seems to be logged in.") }
        return Finding(
            subject, .warning, "\(agent.title) is here, and nothing shows that it is logged in.",
            remedy: login.command)
    }
}

extension AgentProgram {
    /// Where an agent keeps its login, what stands for one, and how a person logs in; nil where nobody knows.
    fileprivate func login(_ environment: [String: String]) -> (file: String, variables: [String], command: String)? {
        let home = environment["HOME"] ?? ""
        switch self {
        case .claude:
            let folder = environment["CLAUDE_CONFIG_DIR"] ?? home + "/.claude"
            let variables = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"]
            return (folder + "/.credentials.json", variables, "claude /login")
        case .codex:
            let folder = environment["CODEX_HOME"] ?? home + "/.codex"
            return (folder + "/auth.json", ["OPENAI_API_KEY", "CODEX_API_KEY"], "codex login")
        case .gemini:
            return (home + "/.gemini/oauth_creds.json", ["GEMINI_API_KEY", "GOOGLE_API_KEY"], "gemini  # It asks.")
        case .opencode:
            let folder = environment["XDG_DATA_HOME"] ?? home + "/.local/share"
            return (folder + "/opencode/auth.json", ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"], "opencode auth login")
        case .cursor: return nil
        }
    }
}
