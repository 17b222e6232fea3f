import Glibc
import HummingbirdCore
import KithAPI
public import KithTrust
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// The peers' door: TLS 1.3 with client certificates on TCP.
///
/// Three checks, because a resumed session skips the first: the callback during the handshake, the
/// certificate after it, and the trust book again for every request. A stranger gets a closed connection,
/// unless an invitation is open, and then nothing but `kith-pair/1`.
public struct PeerDoor: Service {
    private let channels: PeerChannel
    private let logger: Logger
    private let onReady: @Sendable (Int) async -> Void

    /// A door at `address` (port 0 asks the system for one); `onReady` gets the port that was bound.
    public init(
        host: String, port: Int, identity: Identity, book: TrustBook, dispatcher: Dispatcher, live: LiveConnections,
        pairing: PairingDesk, directory: any PeerDirectory, logger: Logger,
        onReady: @escaping @Sendable (Int) async -> Void
    ) throws {
        self.host = host
        self.port = port
        self.logger = logger
        self.onReady = onReady
        channels = try PeerChannel(
            identity: TLSIdentity(identity), book: book, answers: HTTPAnswers(dispatcher: dispatcher), live: live,
            pairing: pairing, directory: directory, logger: logger)
    }

    private let host: String
    private let port: Int

    /// Listens until cancelled.
    public func run() async throws {
        let ready = onReady
        let server = Server(
            childChannelSetup: channels,
            configuration: ServerConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [logger, host] channel in
                logger.info("listening", metadata: ["address": "\(host):\(channel.localAddress?.port ?? 0)"])
                await ready(channel.localAddress?.port ?? 0)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger.onlyTrouble)
        do {
            try await server.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw KithError(
                .unavailable, "Port \(port) is taken by another program.",
                hint: "Set another one: `listen.port` in the configuration.", details: ["port": String(port)])
        } catch let error as IOError where error.errnoCode == EADDRNOTAVAIL {
            throw KithError(
                .unavailable, "This machine has no address \(host).", hint: "Set `listen.host` in the configuration.")
        }
    }
}
