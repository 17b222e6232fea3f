import NIOCore
import NIOPosix
import Synchronization

/// A cable on loopback that can be cut: passes bytes between whoever dials its port and a daemon.
public final class Relay: Sendable {
    private struct State {
        var target: Int?
        var port = 0
        var isCut = false
        var open: [ObjectIdentifier: any Channel] = [:]
    }

    private let state: Mutex<State>
    private let listener = Mutex<(any Channel)?>(nil)

    private init() { state = Mutex(State()) }

    /// A cable that leads nowhere yet.
    static func open() async throws -> Relay {
        let relay = Relay()
        try await relay.listen(port: 0)
        return relay
    }

    /// The port that others dial.
    public var port: Int { state.withLock { $0.port } }

    /// Whether the cable is cut.
    public var isCut: Bool { state.withLock { $0.isCut } }

    func lead(to port: Int) { state.withLock { $0.target = port } }

    func cut() async {
        let open = state.withLock { state in
            state.isCut = true
            return Array(state.open.values)
        }
        try? await listener.withLock { $0 }?.close().get()
        for channel in open { channel.close(promise: nil) }
    }

    func heal() async throws {
        try await listen(port: port)
        state.withLock { $0.isCut = false }
    }

    private func listen(port: Int) async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { self.accept($0) }
            .bind(host: "127.0.0.1", port: port).get()
        listener.withLock { $0 = channel }
        state.withLock { $0.port = channel.localAddress?.port ?? 0 }
    }

    private func accept(_ near: any Channel) -> EventLoopFuture<Void> {
        guard let target = state.withLock({ $0.isCut ? nil : $0.target }) else {
            return near.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }
        return ClientBootstrap(group: near.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: target)
            .flatMap { far in
                self.keep(near)
                self.keep(far)
                return near.pipeline.addHandler(Glue(far)).and(far.pipeline.addHandler(Glue(near))).map { _ in }
            }
    }

    private func keep(_ channel: any Channel) {
        state.withLock { $0.open[ObjectIdentifier(channel)] = channel }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.open[ObjectIdentifier(channel)] = nil }
        }
    }
}

/// Passes what it reads to the other channel, one read at a time.
private final class Glue: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let other: any Channel

    init(_ other: any Channel) { self.other = other }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { context.read() }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.read()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = context.channel
        other.writeAndFlush(unwrapInboundIn(data)).whenComplete { result in
            if case .success = result { channel.read() } else { channel.close(promise: nil) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { other.close(mode: .output, promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
