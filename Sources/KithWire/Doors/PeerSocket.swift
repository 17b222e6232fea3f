import Glibc
import NIOCore

/// Fits the sockets between nodes, on both sides, to what they carry.
enum PeerSocket {
    /// Up to this round trip a link is a local one, in microseconds.
    private static let nearby: UInt32 = 2_000

    /// Reads in large pieces, and lets `cubic` govern a link with a short round trip: bbr, which many systems
    /// have as their default, paces its packets and is 1.6 to 3 times slower there. What fails stays as it was.
    static func tune(_ channel: any Channel) -> EventLoopFuture<Void> {
        try? channel.syncOptions?.setOption(
            .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 2_048, initial: 16_384, maximum: 262_144))
        guard let socket = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        return socket.getTCPInfo().flatMap { facts in
            guard facts.tcpi_rtt < nearby else { return channel.eventLoop.makeSucceededVoidFuture() }
            return socket.unsafeSetSocketOption(
                level: .tcp, name: .init(rawValue: TCP_CONGESTION), value: CongestionControl.cubic)
        }.flatMapErrorThrowing { _ in }
    }

    /// A name as tcp(7) takes it: up to its first zero.
    private struct CongestionControl {
        let name: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8)

        static let cubic = CongestionControl(name: (0x63, 0x75, 0x62, 0x69, 0x63, 0))
    }
}
