import AsyncHTTPClient
import KithAPI
import KithTrust
import NIOCore
import NIOPosix
import Synchronization

/// One HTTP client for each peer, because what TLS is to trust belongs to the client: given with each request,
/// the peer's certificate would be parsed, hashed and compared with each.
final class PinnedClients: Sendable {
    private struct Entry {
        let certificate: Certificate
        let client: HTTPClient
    }

    private let identity: TLSIdentity
    private let entries = Mutex<[PeerID: Entry]>([:])

    private let metrics: WireMetrics?

    init(identity: TLSIdentity, metrics: WireMetrics?) { (self.identity, self.metrics) = (identity, metrics) }

    /// The client that believes in `peer`'s certificate alone. One for a certificate that has changed is new.
    func client(for peer: PinnedPeer) -> HTTPClient {
        let (client, old) = entries.withLock { entries in
            let known = entries[peer.id]
            if let known, known.certificate == peer.certificate { return (known.client, nil as HTTPClient?) }
            let client = make(peer.certificate)
            entries[peer.id] = Entry(certificate: peer.certificate, client: client)
            return (client, known?.client)
        }
        // Nobody waits for the connections of a certificate that is not trusted any more.
        if let old { Task { try? await old.shutdown() } }
        return client
    }

    /// Ends the connections to a peer, the one in reserve too, which would otherwise be made again and again.
    func drop(_ id: PeerID) {
        guard let entry = entries.withLock({ $0.removeValue(forKey: id) }) else { return }
        Task { try? await entry.client.shutdown() }
    }

    /// Ends all connections.
    func shutdown() async throws {
        let all = entries.withLock { entries in
            defer { entries = [:] }
            return entries.values.map(\.client)
        }
        for client in all { try await client.shutdown() }
    }

    private func make(_ certificate: Certificate) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = identity.client(pinning: certificate)
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        // Nobody traces here, and describing each question for a tracer that does nothing takes a tenth of a call.
        configuration.tracing.tracer = nil
        configuration.timeout.connect = .seconds(3)
        configuration.connectionPool.retryConnectionEstablishment = false
        // A stream takes a connection for itself; one in reserve spares the next its handshake.
        configuration.connectionPool.preWarmedHTTP1ConnectionCount = 1
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = ConnectionLedger.Limits.perPeer
        configuration.http1_1ConnectionDebugInitializer = { [metrics] channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(TurnFlush(), position: .first)
                if let meter = metrics?.byteMeter(.outgoing) { try pipeline.addHandler(meter, position: .first) }
            }.flatMap { PeerSocket.tune(channel) }
        }
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }
}
