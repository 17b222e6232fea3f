import KithAPI
import KithClient

/// One run of `kith doctor`: what the daemon finds, or, where none answers, its program; and what stands around it.
struct Examination {
    let session: Session
    /// As `--home` has it.
    let home: String?

    /// The longest that a daemon may take to say who it is, and to examine itself.
    private static let (patience, longPatience) = (Duration.seconds(3), Duration.seconds(60))

    /// All findings.
    func findings(security: Bool) async -> [Finding] {
        do {
            let (client, request) = (session.client, Diagnose(security: security ? true : nil))
            let identity = try await within(Self.patience) { try await client.call(Ping()) }
            let reply = try await within(Self.longPatience) { try await client.call(request) }
            return [Self.daemon(identity)] + reply.findings + (await surroundings(isUp: true))
        } catch {
            return alone(KithError(wrapping: error)) + (await ask("examine")) + (await surroundings(isUp: false))
        }
    }

    /// Mends what is safely mended, and says what that was.
    func mend() async -> [Finding] {
        let client = session.client
        let own: [Finding]
        if let reply = try? await within(Self.patience, { try await client.call(MendNode()) }) {
            own = reply.findings
        } else {
            own = await ask("mend")
        }
        return own + (await AgentCheck(home: home).mend())
    }

    // MARK: The daemon

    /// Whether it is the one that is installed.
    private static func daemon(_ identity: NodeIdentity) -> Finding {
        guard identity.version == Version.text else {
            return Finding(
                "daemon", .warning, "It runs as version \(identity.version); this program is \(Version.text).",
                remedy: "kith restart  # Commands and terminals run on.")
        }
        return Finding("daemon", .ok, "It runs as \(identity.name), version \(identity.version).")
    }

    /// What can be said of a daemon that does not answer.
    private func alone(_ error: KithError) -> [Finding] {
        let error = error.seeing(session.folders)
        let remedy = error.code == .daemonNotRunning ? "kith start" : "kith restart  # \(error.hint ?? "")"
        let daemon = Finding("daemon", .failed, error.message, remedy: remedy)
        let program = Result { () throws(KithError) in try DaemonProgram.find() }
        guard case .failure(let error) = program else { return [daemon] }
        return [
            Finding(
                "kithd", .failed, error.message, remedy: "PATH=$PATH:/FOLDER/OF/KITHD kith start  # \(error.hint ?? "")"
            ),
            daemon,
        ]
    }

    /// Asks the daemon's program, which looks at the disk itself.
    private func ask(_ word: String) async -> [Finding] {
        guard let (bytes, code) = try? await DaemonProgram.find().run([word]), code == 0,
            let reply = try? KithClient.read(Diagnose.Reply.self, from: bytes)
        else { return [] }
        return reply.findings
    }

    // MARK: Around it

    private func surroundings(isUp: Bool) async -> [Finding] {
        let variables = ProcessEnvironment.variables
        let port = isUp ? try? await session.client.call(GetStatus()).listening.first?.port : nil
        let service = await ServiceCheck(environment: variables).findings()
        let firewall = FirewallCheck(port: port ?? Address.defaultPort, environment: variables)
        return service + [await firewall.finding()] + (await AgentCheck(home: home).findings())
    }
}
