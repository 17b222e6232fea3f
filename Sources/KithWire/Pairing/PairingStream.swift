import KithAPI
import KithTrust
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// A TLS connection that speaks `kith-pair/1`: bytes of frames in both directions.
typealias PairingStream = NIOAsyncChannel<ByteBuffer, ByteBuffer>

/// Opens connections for pairing.
struct PairingDialer: Sendable {
    let identity: TLSIdentity

    /// Connects to the first address that answers, and reads the key that the other side proved.
    ///
    /// - Throws: ``KithError`` `peer.offline` where nobody answers, `pairing.closed` where nobody has invited.
    func dial(_ addresses: [Address]) async throws -> (
        stream: PairingStream, certificate: Certificate, address: Address
    ) {
        var last = KithError(.peerOffline, "No address of it is known.", hint: "Give its address: `kith pair HOST`.")
        for address in addresses {
            do {
                let (stream, certificate) = try await dial(address)
                return (stream, certificate, address)
            } catch let error as KithError {
                last = error
            }
        }
        throw last
    }

    private func dial(_ address: Address) async throws -> (PairingStream, Certificate) {
        let context = try NIOSSLContext(configuration: identity.pairing)
        let negotiated: EventLoopFuture<PairingStream?>
        do {
            negotiated = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(5))
                .connect(host: address.host, port: address.port) { channel in
                    channel.eventLoop.makeCompletedFuture { try Self.secure(channel, context) }
                }
        } catch let error as NIOConnectionError where error.connectionErrors.isEmpty {
            throw KithError(
                .peerOffline, "The name `\(address.host)` cannot be resolved.",
                hint: "`kith peers` lists who is near; or give its address.")
        } catch {
            throw KithError(
                .peerOffline, "Nobody answers at \(address).", hint: "Is kith running there, and is the port right?")
        }
        guard let stream = try? await negotiated.get(),
            let peer = try? await stream.channel.nioSSL_peerCertificate().get(), let der = try? peer.toDERBytes(),
            let certificate = try? Certificate(der: der)
        else {
            throw KithError(
                .pairingClosed, "The node at \(address) has not invited anyone.", hint: "Run `kith pair` there first.")
        }
        return (stream, certificate)
    }

    private static func secure(_ channel: any Channel, _ context: NIOSSLContext) throws -> EventLoopFuture<
        PairingStream?
    > {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(
            NIOSSLClientHandler(context: context, serverHostname: nil) { chain, promise in
                promise.succeed(chain.count == 1 ? .certificateVerified : .failed)
            })
        let negotiation = NIOTypedApplicationProtocolNegotiationHandler<PairingStream?> { result in
            channel.eventLoop.makeCompletedFuture {
                guard case .negotiated(ALPN.pairing) = result else { return nil }
                return try PairingStream(wrappingChannelSynchronously: channel)
            }
        }
        try pipeline.addHandler(negotiation)
        let deadline = channel.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
        negotiation.protocolNegotiationResult.whenComplete { _ in deadline.cancel() }
        return negotiation.protocolNegotiationResult
    }
}
