public import KithAPI

/// Who this node is to other nodes, and which versions of the protocol it speaks with them.
public struct Speaker: Sendable {
    /// What it calls itself now.
    public let name: @Sendable () -> String
    /// What it speaks.
    public let protocols: ProtocolRange

    /// A speaker of `protocols`.
    public init(protocols: ProtocolRange = .own, name: @escaping @Sendable () -> String = { "This node" }) {
        self.protocols = protocols
        self.name = name
    }

    /// Refuses an asker that has no version in common with us.
    ///
    /// - Parameter header: what it said in ``ProtocolRange/header``; nil for one of the time before.
    /// - Throws: ``KithError`` `protocol.version` that says which side to update; `protocol` for what is no range.
    func check(_ header: String?, from asker: String) throws {
        guard let asked = header.map({ ProtocolRange($0) }) ?? .first else {
            throw KithError(.protocolViolation, "`\(ProtocolRange.header)` is not a range of versions.")
        }
        guard protocols.highestCommon(with: asked) == nil else { return }
        throw protocols.mismatch(name(), with: asker, speaking: asked)
    }

    /// Refuses an answer in a version that we do not speak: `header` is what the peer took, or all that it speaks.
    ///
    /// - Throws: as ``check(_:from:)``.
    func checkAnswer(_ header: String?, of peer: String) throws { try check(header, from: peer) }
}
