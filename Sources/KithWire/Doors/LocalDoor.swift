import Glibc
import HTTPTypes
import HummingbirdCore
import KithAPI
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// The owner's door: a Unix socket in a folder of mode 0700, whose callers must have our user id.
public struct LocalDoor: Service {
    private let path: String
    private let dispatcher: Dispatcher
    private let answers: HTTPAnswers
    private let forwarder: Forwarder?
    private let metrics: (@Sendable () async -> String)?
    private let logger: Logger
    private let onReady: @Sendable () async -> Void

    /// A door at `path`; what is addressed to `/v1/peers/NAME/…` is passed on by `forwarder`, and `/metrics` is
    /// answered with what `metrics` says.
    public init(
        path: String, dispatcher: Dispatcher, forwarder: Forwarder?, metrics: (@Sendable () async -> String)? = nil,
        logger: Logger, onReady: @escaping @Sendable () async -> Void = {}
    ) {
        self.path = path
        self.dispatcher = dispatcher
        self.answers = HTTPAnswers(dispatcher: dispatcher)
        self.forwarder = forwarder
        self.metrics = metrics
        self.logger = logger
        self.onReady = onReady
    }

    /// Listens until cancelled; the caller has made the folder and holds the lock of this home.
    public func run() async throws {
        let previous = umask(0o177)
        let ready = onReady
        let server = Server(
            childChannelSetup: LocalChannel(answer: answer, metrics: dispatcher.metrics, logger: logger),
            configuration: ServerConfiguration(address: .unixDomainSocket(path: path)),
            onServerRunning: { [logger, path] _ in
                umask(previous)
                logger.info("listening", metadata: ["socket": "\(path)"])
                await ready()
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger.onlyTrouble)
        defer { unlink(path) }
        try await server.run()
    }

    @Sendable private func answer(
        _ request: HummingbirdCore.Request, _ writer: consuming ResponseWriter, _ line: Line
    ) async throws {
        let session = request.agentSession
        if let metrics, session == nil, request.head.path == "/metrics" {
            return try await writer.text(await metrics())
        }
        guard let target = PeerPath(request.head.path ?? "") else {
            let asker = Dispatcher.Asker(caller: .owner, session: session)
            return try await answers.answer(request, writer, from: asker, on: line)
        }
        guard let forwarder else {
            return try await writer.refuse(KithError(.unavailable, "This node has no peers."))
        }
        do {
            if let session { try await dispatcher.passOn(target.capabilityName, to: target.peer, for: session) }
        } catch {
            return try await writer.refuse(KithError(wrapping: error), closing: true)
        }
        let start = ContinuousClock.now
        defer {
            let facts: Logger.Metadata = [
                "capability": "\(target.capabilityName)", "peer": "\(target.peer)",
                "milliseconds": "\(start.duration(to: .now).milliseconds)",
            ]
            logger.debug("passed on", metadata: facts)
        }
        try await forwarder.forward(request, writer, to: target, on: line)
    }
}

extension HummingbirdCore.Request {
    /// The agent that asks for the owner. Only this door reads it: a peer is one whatever it sends.
    fileprivate var agentSession: AgentSession? {
        HTTPField.Name(AgentSession.header).flatMap { headers[$0] }.map(AgentSession.init(headerText:))
    }
}

/// Connections of the Unix socket.
private struct LocalChannel: ServerChildChannel {
    let answer: HTTPPipeline.Answer
    let metrics: WireMetrics?
    let logger: Logger

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTPPipeline.Connection> {
        channel.eventLoop.makeCompletedFuture {
            if let meter = metrics?.byteMeter(.local) { try channel.pipeline.syncOperations.addHandler(meter) }
            return try HTTPPipeline.configure(channel, isLocal: true, logger: logger)
        }
    }

    func handle(value: HTTPPipeline.Connection, logger: Logger) async {
        guard let user = try? await userID(of: value.channel) else { return await Self.drop(value) }
        guard user == geteuid() else {
            logger.warning("local door: user \(user) was turned away")
            return await Self.drop(value)
        }
        await HTTPPipeline.serve(value, logger: logger, answer)
    }

    private static func drop(_ connection: HTTPPipeline.Connection) async {
        try? await connection.stream.executeThenClose { _, _ in }
    }

    private func userID(of channel: any Channel) async throws -> uid_t? {
        guard let provider = channel as? any SocketOptionProvider else { return nil }
        let credentials: Credentials = try await provider.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: SO_PEERCRED)
        ).get()
        return credentials.user
    }

    /// `struct ucred` of unix(7), which Swift's Glibc does not show.
    private struct Credentials {
        var process: pid_t = 0
        var user: uid_t = 0
        var group: gid_t = 0
    }
}

/// A path that is meant for a peer: `/v1/peers/NAME/rest`.
struct PeerPath: Equatable {
    /// The name as it was given, unescaped.
    let peer: String
    /// The path on the peer, query included: `/v1/rest`.
    let path: String
    /// Which capability that is; empty for what cannot be one.
    var capabilityName: String { HTTPAnswers.capabilityName(String(path.prefix { $0 != "?" })) ?? "" }

    init?(_ path: String) {
        let parts = path.split(separator: "/", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "v1", parts[2] == "peers",
            let peer = QueryDecoder.unescape(parts[3]), !peer.isEmpty
        else { return nil }
        self.peer = peer
        self.path = "/v1/\(parts[4])"
    }
}
