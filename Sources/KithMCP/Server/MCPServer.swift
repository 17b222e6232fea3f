import KithAPI

/// The MCP server as a value: a request in, an answer out, whatever carries them. It holds no state but the agent
/// that its client is; what lasts (jobs, entries) lasts in the daemon.
public struct MCPServer: Sendable {
    /// What the one who starts the server decides.
    public struct Options: Sendable {
        /// Ask the person, through the client, before a command runs or a file moves.
        public var confirms = false
        /// Where relative paths of this machine begin; nil refuses them.
        public var folder: String?
        /// A word that nobody can foresee: the mark around foreign text.
        public var mark: @Sendable () -> String = { String(UInt64.random(in: 0...(1 << 40)), radix: 36) }

        /// The defaults.
        public init() {}
    }

    let node: NodeAccess
    let options: Options
    /// Who the client is among agents; nil where no session could be held.
    let agent: HeldAgent?

    /// A server that asks through `node`.
    ///
    /// - Parameter isSession: whether it lives as long as the session of one client, and so can hold its agent.
    public init(node: NodeAccess, options: Options = Options(), isSession: Bool = false) {
        self.node = node
        self.options = options
        agent = isSession ? HeldAgent(node) : nil
    }

    /// Answers one request with a whole message.
    func answer(_ request: Request, for client: ClientFacts, over outlet: Outlet) async -> Answer {
        do {
            guard let method = Method.table[request.method], method.isServed(at: client.revision) else {
                throw RPCError.methodNotFound(request.method)
            }
            let result = try await method.answer(
                Errand(server: self, request: request, client: client, outlet: outlet))
            return Answer(
                bytes: Envelope.result(result.json(at: client.revision), to: request.id), afterwards: result.afterwards)
        } catch {
            let error = error as? RPCError ?? RPCError(KithError(wrapping: error))
            return Answer(bytes: Envelope.error(error, to: request.id), code: error.code)
        }
    }
}

/// A whole message to the client.
struct Answer: Sendable {
    let bytes: [UInt8]
    /// The code of the error that it carries, if it does.
    var code: Int?
    /// What is to be done once the client has it.
    var afterwards: (@Sendable () async -> Void)?
}

/// What may be said to a client while its request is being served.
struct Outlet: Sendable {
    /// Sends a notification.
    let notify: @Sendable (String, [String: JSONValue]) async -> Void
    /// Asks the client something and waits for the answer; nil where the era or the transport has no such thing.
    var ask: (@Sendable (String, [String: JSONValue]) async throws -> JSONValue)?
}
