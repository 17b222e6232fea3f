public import KithAPI

/// Asks the local daemon over its Unix socket, and through it the peers. A value: nothing happens before
/// the first question, and every question has its own connection.
///
/// All functions throw ``KithError`` (and `CancellationError` when their task is cancelled, which closes
/// the connection). Where nothing listens, the code is `daemon.not_running`; where the peer, its daemon or the
/// local one dies in the middle of an answer, it is `link.lost`.
public struct KithClient: Sendable {
    /// Who is to answer.
    public enum Target: Sendable, Equatable {
        /// The daemon at the socket itself.
        case local
        /// A peer of it: a name, a prefix of its id, or an address.
        case peer(String)
    }

    /// The most bytes of one reply: 64 MiB.
    public static let maximumReply = 64 << 20
    /// The most bytes of one line of a feed: 8 MiB.
    public static let maximumLine = 8 << 20

    let socket: String
    let session: AgentSession?

    /// A client of the daemon that listens at `socket`, see ``Folders/socket``.
    ///
    /// - Parameter session: for whom it asks, if not for the owner: an agent, which may do less.
    public init(socket: String, session: AgentSession? = nil) {
        self.socket = socket
        self.session = session
    }

    /// Asks `request` and waits for the whole reply.
    public func call<C: Call>(_ request: C, on target: Target = .local) async throws -> C.Reply {
        let bytes = try await raw(C.name, json: JSON.encode(request), on: target)
        return try Self.read(C.Reply.self, from: bytes)
    }

    /// Reads a reply or an element of a feed that came as raw bytes, after the guard against hostile JSON.
    ///
    /// - Throws: ``KithError`` `protocol` if it does not fit.
    public static func read<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(KithError) -> Value {
        try Answer.decode(type, from: bytes)
    }

    /// Asks the call `name` with a request in JSON; answers the bytes of the reply as the daemon sent them.
    public func raw(_ name: String, json: [UInt8], on target: Target = .local) async throws -> [UInt8] {
        let path = try Question.path(of: name, on: target)
        let exchange = try await Exchange.open(socket, for: session)
        defer { exchange.close() }
        try await exchange.ask(path, json: json)
        try await exchange.requireSuccess()
        return try await exchange.body(limit: Self.maximumReply)
    }

    /// What the daemon counts, in Prometheus' text format.
    public func metrics() async throws -> [UInt8] {
        let exchange = try await Exchange.open(socket, for: session)
        defer { exchange.close() }
        try await exchange.get("/metrics")
        try await exchange.requireSuccess()
        return try await exchange.body(limit: Self.maximumReply)
    }

    /// Asks `request`; the answers come as the daemon sends them, and no faster than they are read.
    ///
    /// The connection opens with the first element that is asked for and closes with the last, or when the
    /// sequence is dropped. A failure midway is thrown.
    public func feed<F: Feed>(_ request: F, on target: Target = .local) -> Answers<F.Element> {
        Answers(lines: Lines(client: self, name: F.name, request: { try JSON.encode(request) }, target: target))
    }

    /// Asks the feed `name` with a request in JSON; each element is one line, without its line feed.
    public func rawFeed(_ name: String, json: [UInt8], on target: Target = .local) -> Lines {
        Lines(client: self, name: name, request: { json }, target: target)
    }

    /// Opens a pipe and hands its end to `body`; the connection closes when `body` returns.
    ///
    /// `receive` throws the other side's ``Frame/Kind/failure`` as the ``KithError`` that it carries, answers
    /// nil after the other side's `end`, and throws `link.lost` if the connection is cut before that.
    /// `send` may be called by several tasks at once; frames stay whole.
    public func pipe<P: Pipe, Result>(
        _ request: P, on target: Target = .local, _ body: (Duplex) async throws -> Result
    ) async throws -> Result {
        let path = try Question.path(of: P.name, on: target)
        let opening = try Frame(.open, json: request)
        let exchange = try await Exchange.open(socket, for: session)
        defer { exchange.close() }
        try await exchange.ask(path, opening: opening)
        try await exchange.requireSuccess()
        return try await body(FrameReader(exchange).duplex)
    }

    /// The process that listens at the socket, as the kernel knows it; for a daemon that no longer answers.
    public func daemonProcess() async throws -> Int32 { try await LocalSocket.connect(to: socket).processID() }
}
