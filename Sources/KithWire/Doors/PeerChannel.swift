import HummingbirdCore
import KithAPI
import KithTrust
import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// One connection of the peer door, from the TCP handshake to its last request.
struct PeerChannel: ServerChildChannel {
    /// What the other side wants, as ALPN says.
    enum Conversation: Sendable {
        case http(HTTPPipeline.Connection)
        case pairing(PairingStream)
        case nothing
    }

    /// A connection whose handshake is under way.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// Whence it came; nil if it was not admitted.
        let source: String?
        let conversation: EventLoopFuture<Conversation>
    }

    private let context: NIOSSLContext
    private let book: TrustBook
    private let answers: HTTPAnswers
    private let live: LiveConnections
    private let pairing: PairingDesk
    private let directory: any PeerDirectory
    private let ledger = ConnectionLedger(now: .now)
    private let refusals: RefusalLog

    init(
        identity: TLSIdentity, book: TrustBook, answers: HTTPAnswers, live: LiveConnections, pairing: PairingDesk,
        directory: any PeerDirectory, logger: Logger
    ) throws {
        refusals = RefusalLog(logger)
        context = try NIOSSLContext(configuration: identity.server)
        self.book = book
        self.answers = answers
        self.live = live
        self.pairing = pairing
        self.directory = directory
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let source = channel.remoteAddress?.ipAddress ?? "unknown"
        guard ledger.admitStranger(from: source, now: .now) else {
            // Closed by `handle`: a channel that is not yet registered cannot be closed here.
            refusals.note("too many connections", from: source)
            let refusal = KithError(.limited, "Too many connections from \(source).")
            return channel.eventLoop.makeSucceededFuture(
                Value(channel: channel, source: nil, conversation: channel.eventLoop.makeFailedFuture(refusal)))
        }
        _ = PeerSocket.tune(channel)
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            if let meter = answers.dispatcher.metrics?.byteMeter(.peer) { try pipeline.addHandler(meter) }
            try pipeline.addHandler(
                NIOSSLServerHandler(context: context, customVerificationCallback: verify, configuration: .init()))
            let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Conversation> { result in
                channel.eventLoop.makeCompletedFuture { try self.begin(result, channel, logger) }
            }
            try pipeline.addHandler(negotiation)
            let deadline = channel.eventLoop.scheduleTask(in: .seconds(ConnectionLedger.Limits.secondsForHandshake)) {
                channel.close(promise: nil)
            }
            let conversation = negotiation.protocolNegotiationResult
            conversation.whenComplete { _ in deadline.cancel() }
            return Value(channel: channel, source: source, conversation: conversation)
        }
    }

    /// The first check: a known key, or any key while an invitation is open.
    @Sendable private func verify(_ chain: [NIOSSLCertificate], _ promise: EventLoopPromise<NIOSSLVerificationResult>) {
        guard chain.count == 1, let der = try? chain[0].toDERBytes(), let certificate = try? Certificate(der: der)
        else {
            return promise.succeed(.failed)
        }
        promise.succeed(book.pin(for: certificate.id) != nil || pairing.isOpen ? .certificateVerified : .failed)
    }

    private func begin(_ result: ALPNResult, _ channel: any Channel, _ logger: Logger) throws -> Conversation {
        switch result {
        case .negotiated(ALPN.http):
            let protocols = answers.dispatcher.speaker.protocols
            return .http(
                try HTTPPipeline.configure(channel, isLocal: false, protocols: protocols, logger: logger))
        case .negotiated(ALPN.pairing):
            // The server's channels may be half closed; TLS would then wait 5 s at the end of each pairing.
            try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
            let stream = try PairingStream(wrappingChannelSynchronously: channel)
            // As with HTTP: dropped before its end, it would end the program.
            channel.closeFuture.whenComplete { _ in withExtendedLifetime(stream) {} }
            return .pairing(stream)
        default:
            return .nothing
        }
    }

    func handle(value: Value, logger: Logger) async {
        let conversation = try? await value.conversation.get()
        if let source = value.source { ledger.dismissStranger(from: source) }
        let certificate = await Self.certificate(of: value.channel)
        switch (conversation, certificate) {
        case (.http(let connection), let certificate?):
            await serve(connection, certificate, from: value.source, logger)
        case (.http(let connection), nil): try? await connection.stream.executeThenClose { _, _ in }
        case (.pairing(let stream), let certificate?):
            await pairing.receive(stream, from: certificate, source: value.source ?? "")
        case (.pairing(let stream), nil): try? await stream.executeThenClose { _, _ in }
        case (.nothing, _), (nil, _):
            if let source = value.source { refusals.note("TLS was refused", from: source) }
            value.channel.close(promise: nil)
        }
    }

    private static func certificate(of channel: any Channel) async -> Certificate? {
        guard let certificate = try? await channel.nioSSL_peerCertificate().get(),
            let der = try? certificate.toDERBytes()
        else {
            return nil
        }
        return try? Certificate(der: der)
    }

    /// The second check, and the third with every request.
    private func serve(
        _ connection: HTTPPipeline.Connection, _ certificate: Certificate, from source: String?, _ logger: Logger
    ) async {
        let id = certificate.id
        await completePairing(of: id, logger)
        guard book.activePeer(id) != nil, ledger.admit(id, from: source) else {
            refusals.note("no peer, or too many connections of one", from: source)
            try? await connection.stream.executeThenClose { _, _ in }
            return
        }
        live.add(connection, of: id)
        await directory.arrived(id)
        defer {
            live.remove(connection.channel, of: id)
            ledger.dismiss(id, from: source)
        }
        let channel = connection.channel
        await HTTPPipeline.serve(connection, logger: logger) { request, writer, line in
            guard let peer = book.activePeer(id) else {
                channel.close(promise: nil)
                return
            }
            do {
                try answers.dispatcher.speaker.check(request.headers[.kithProtocol], from: peer.name.text)
            } catch {
                return try await writer.refuse(KithError(wrapping: error), closing: true)
            }
            guard await !Self.isGivenUp(request, on: channel, line) else {
                return try await writer.refuse(line.refusal, closing: true)
            }
            live.note(HTTPAnswers.grant(of: request), on: channel, of: id)
            try await answers.answer(request, writer, from: Dispatcher.Asker(caller: .peer(peer)), on: line)
            live.note(nil, on: channel, of: id)
        }
    }

    /// Whether a question that would change something was followed by a goodbye: that stands right behind it in what was
    /// read, and the event loop has seen it by the time that it is asked.
    private static func isGivenUp(_ request: HummingbirdCore.Request, on channel: any Channel, _ line: Line) async
        -> Bool
    {
        let capability = HTTPAnswers.capabilityName(request.uri.path).flatMap(Catalogue.find)
        guard capability?.isGuarded ?? false else { return false }
        return (try? await channel.eventLoop.submit { line.hasLeft || !channel.isActive }.get()) ?? false
    }

    /// A peer that trusts us comes with the key that our human approved, after a crash in between: both agreed. While
    /// people are still deciding, it says nothing; the peer may not have forgotten us since it was paired before.
    private func completePairing(of id: PeerID, _ logger: Logger) async {
        guard book.isPending(id) else { return }
        await book.pairings.ended(id)
        guard book.isPending(id) else { return }
        do {
            try await book.activate(id)
            logger.info("pairing completed", metadata: ["peer": "\(id.short)"])
        } catch {
            logger.error("pairing could not be completed: \(error)")
        }
    }
}

extension HTTPAnswers {
    /// What the request needs, if it names something we know.
    static func grant(of request: HummingbirdCore.Request) -> Grant? {
        capabilityName(request.uri.path).flatMap(Catalogue.find)?.grant
    }
}
