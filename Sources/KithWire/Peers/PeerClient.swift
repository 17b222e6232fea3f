import AsyncHTTPClient
import Glibc
public import KithAPI
public import KithTrust
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Connections to peers: TLS 1.3, our certificate, and theirs as the only trust anchor.
public final class PeerClient: Sendable {
    private let clients: PinnedClients
    private let directory: any PeerDirectory

    private let speaker: Speaker
    private let vigil = Vigil()

    /// A client that speaks as `identity` to the peers of `directory`.
    public init(
        identity: Identity, directory: any PeerDirectory, speaker: Speaker = Speaker(), metrics: WireMetrics? = nil
    ) throws {
        self.directory = directory
        self.speaker = speaker
        clients = PinnedClients(identity: try TLSIdentity(identity), metrics: metrics)
    }

    /// Ends all connections.
    public func shutdown() async throws { try await clients.shutdown() }

    /// Ends all connections to a peer that is trusted no longer.
    public func drop(_ id: PeerID) { clients.drop(id) }

    /// That a peer may have stopped answering: unless it answers a ping now, questions that wait for their first answer
    /// end with `peer.offline`.
    public func hasFallenSilent(_ id: PeerID) { vigil.doubt(id) }

    /// That a peer is there.
    public func isThere(_ id: PeerID) { vigil.hasAnswered(id) }

    /// What a request carries.
    struct Question: Sendable {
        var method: HTTPMethod = .POST
        var path: String
        var contentType: String?
        var body: HTTPClientRequest.Body?
    }

    /// Asks the peer that `name` means, at the first of its addresses that takes a connection.
    ///
    /// - Throws: ``KithError`` `peer.offline` after all candidates or when it has stopped answering, `peer.not_paired`
    ///   if the peer shut its door, `link.lost` if it went in the middle of its work.
    func execute(_ question: Question, on name: String) async throws -> HTTPClientResponse {
        let peer = try directory.find(name)
        let addresses = await directory.candidates(for: peer.id)
        for address in addresses {
            do {
                let response = try await vigil.keep(peer.id, ping: { await self.isAnswering(peer, at: address) }) {
                    try await self.send(question, to: peer, at: address, timeout: .hours(24 * 365))
                }
                await directory.answered(peer.id, at: address)
                return response
            } catch is Vigil.Silence {
                await directory.failed(peer.id)
                throw Self.silent(peer)
            } catch let error where Self.isWhileConnecting(error) {
                continue
            } catch {
                if let error = error as? KithError, error.code == .protocolVersion { throw error }
                await directory.failed(peer.id)
                throw Self.isClosure(error) ? await reason(peer, address) : Self.explain(error, peer)
            }
        }
        await directory.failed(peer.id)
        throw Self.offline(peer, addresses)
    }

    /// Whether `peer` answers a ping; whoever closes the connection is there as well.
    private func isAnswering(_ peer: PinnedPeer, at address: Address) async -> Bool {
        do {
            _ = try await send(Question(method: .GET, path: Ping.path), to: peer, at: address, timeout: .seconds(3))
            return true
        } catch {
            return !Self.isWhileConnecting(error) && !Self.isLateness(error)
        }
    }

    private static func isLateness(_ error: any Error) -> Bool {
        guard let error = error as? HTTPClientError else { return false }
        return [.deadlineExceeded, .readTimeout, .getConnectionFromPoolTimeout].contains(error)
    }

    /// Asks `peer` at exactly `address`.
    func execute(_ question: Question, peer: PinnedPeer, at address: Address, seconds: Int64) async throws
        -> HTTPClientResponse
    {
        do {
            return try await send(question, to: peer, at: address, timeout: .seconds(seconds))
        } catch let error where Self.isReset(error) {
            return try await again(question, peer: peer, at: address, seconds: seconds)
        } catch {
            throw Self.explain(error, peer)
        }
    }

    /// Once more after a reset, which a refusal and a death both end in: who has died takes no connection now.
    private func again(_ question: Question, peer: PinnedPeer, at address: Address, seconds: Int64) async throws
        -> HTTPClientResponse
    {
        do {
            return try await send(question, to: peer, at: address, timeout: .seconds(seconds))
        } catch {
            throw Self.isReset(error) ? Self.closed(by: peer) : Self.explain(error, peer)
        }
    }

    /// Whether a connection that was there broke off below TLS.
    private static func isReset(_ error: any Error) -> Bool {
        (error is IOError || error is ChannelError) && !isWhileConnecting(error)
    }

    private func send(
        _ question: Question, to peer: PinnedPeer, at address: Address, timeout: TimeAmount
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: "https://\(address)\(question.path)")
        request.method = question.method
        if let type = question.contentType { request.headers.add(name: "content-type", value: type) }
        request.headers.add(name: ProtocolRange.header, value: speaker.protocols.text)
        request.body = question.body
        let response = try await clients.client(for: peer).execute(request, timeout: timeout)
        // A refusal for want of a common version explains itself.
        guard response.status != .upgradeRequired else { return response }
        try speaker.checkAnswer(response.headers.first(name: ProtocolRange.header), of: peer.name.text)
        return response
    }

    /// Why `peer` closed the connection on a question: asks again who is there, because a refusal and a death in
    /// the middle of the work look the same. Twice, because a daemon that stops closes its door last.
    private func reason(_ peer: PinnedPeer, _ address: Address) async -> KithError {
        let question = Question(method: .GET, path: Ping.path)
        for pause in [Duration.zero, .milliseconds(500)] {
            try? await Task.sleep(for: pause)
            do {
                _ = try await send(question, to: peer, at: address, timeout: .seconds(3))
                return .linkLost("\(peer.name) ended the connection before it had answered.")
            } catch let error where Self.isWhileConnecting(error) {
                return .linkLost("\(peer.name) went away before it had answered.")
            } catch {
                continue
            }
        }
        return Self.closed(by: peer)
    }

    /// Whether the peer has closed the connection, or never wanted it.
    private static func isClosure(_ error: any Error) -> Bool {
        switch error {
        case let error as HTTPClientError: error == .remoteConnectionClosed
        case is IOError, is ChannelError, is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: true
        default: false
        }
    }

    /// Whether the next address may be tried: nothing of the request has left yet.
    private static func isWhileConnecting(_ error: any Error) -> Bool {
        switch error {
        case let error as HTTPClientError: error == .connectTimeout || error == .tlsHandshakeTimeout
        case let error as IOError: [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT].contains(error.errnoCode)
        default: error is NIOConnectionError
        }
    }

    private static func silent(_ peer: PinnedPeer) -> KithError {
        KithError(
            .peerOffline, "\(peer.name) has stopped answering.",
            hint: "What was asked may have begun there. `kith peers status \(peer.name)` asks again.")
    }

    private static func offline(_ peer: PinnedPeer, _ addresses: [Address]) -> KithError {
        guard !addresses.isEmpty else {
            return KithError(
                .peerOffline, "\(peer.name) is offline: no address of it is known.",
                hint: "Start kith there, or give its address: `kith peers add HOST`.")
        }
        let list = addresses.map(\.description).joined(separator: ", ")
        return KithError(
            .peerOffline, "\(peer.name) is offline: it does not answer at \(list).",
            hint: "Is kith running there? `kith peers status \(peer.name)` asks again.")
    }

    /// In TLS 1.3 a refusal by the server is seen on the first read: as an alert, or as a closed connection.
    private static func explain(_ error: any Error, _ peer: PinnedPeer) -> any Error {
        switch error {
        case let error as HTTPClientError: explain(error, peer)
        case is NIOConnectionError, is IOError, is ChannelError:
            KithError(.peerOffline, "\(peer.name) cannot be reached.")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: closed(by: peer)
        case is HTTPParserError: KithError(.protocolViolation, "\(peer.name) does not answer in HTTP as agreed.")
        case is CancellationError: KithError(.cancelled, "The request was cancelled.")
        default: error
        }
    }

    private static func explain(_ error: HTTPClientError, _ peer: PinnedPeer) -> KithError {
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout: KithError(.peerOffline, "\(peer.name) cannot be reached.")
        case .remoteConnectionClosed: closed(by: peer)
        case .deadlineExceeded, .readTimeout: KithError(.timedOut, "\(peer.name) did not answer in time.")
        case .cancelled: KithError(.cancelled, "The request was cancelled.")
        default: KithError(.protocolViolation, "\(peer.name) cannot be understood: \(error.shortDescription).")
        }
    }

    private static func closed(by peer: PinnedPeer) -> KithError {
        KithError(
            .peerNotPaired,
            "\(peer.name) closed the connection: it does not trust this node, or it is another machine now.",
            hint: "If it was unpaired there, pair again: `kith pair \(peer.name)`.")
    }
}
