public import KithAPI
import NIOCore
import NIOSSL
import Synchronization

/// The open connections of each peer, so that unpairing and revoking end them at once.
public final class LiveConnections: Sendable {
    private struct Entry {
        let connection: HTTPPipeline.Connection
        var grant: Grant?
    }

    private let entries = Mutex<[PeerID: [ObjectIdentifier: Entry]]>([:])
    private let isClosed = Mutex(false)

    /// No connections yet.
    public init() {}

    /// How many are open.
    public var count: Int { entries.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    func add(_ connection: HTTPPipeline.Connection, of peer: PeerID) {
        entries.withLock {
            $0[peer, default: [:]][ObjectIdentifier(connection.channel)] = Entry(connection: connection)
        }
        if isClosed.withLock({ $0 }) { Self.drop(connection.channel) }
    }

    func remove(_ channel: any Channel, of peer: PeerID) {
        entries.withLock { entries in
            entries[peer]?[ObjectIdentifier(channel)] = nil
            if entries[peer]?.isEmpty == true { entries[peer] = nil }
        }
    }

    /// That the connection is now being used with `grant`.
    func note(_ grant: Grant?, on channel: any Channel, of peer: PeerID) {
        entries.withLock { $0[peer]?[ObjectIdentifier(channel)]?.grant = grant }
    }

    /// Closes every connection of `peer` that `isAllowed` does not bear any more; nil asks for the connection itself.
    public func review(_ peer: PeerID, isAllowed: (Grant?) -> Bool) {
        let all = entries.withLock { $0[peer].map { Array($0.values) } ?? [] }
        for entry in all where !isAllowed(entry.grant) {
            entry.connection.line.revoke()
            Self.drop(entry.connection.channel)
        }
    }

    /// Closes every connection, and those that still come.
    public func closeAll() {
        isClosed.withLock { $0 = true }
        let all = entries.withLock { $0.values.flatMap(\.values) }
        for entry in all { Self.drop(entry.connection.channel) }
    }

    /// Closes below TLS, which would otherwise wait five seconds for the other side to agree.
    private static func drop(_ channel: any Channel) {
        channel.eventLoop.execute {
            guard let secure = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
            else {
                return channel.close(promise: nil)
            }
            secure.close(promise: nil)
        }
    }
}
