public import KithAPI
import KithDaemon
import KithDiscovery
import Logging
import Synchronization

/// How a test asks the nodes of a mesh.
public enum MeshMode: Sendable, CaseIterable {
    /// Through the router alone, without a socket in between.
    case direct
    /// Through the Unix socket, the forwarder and pinned TLS, as a person's command does.
    case live
}

/// What is special about one node of a mesh.
public struct MeshTraits: Sendable {
    /// By how much its clock is ahead of the others'.
    public var secondsAhead: Double
    /// Which versions of the protocol it speaks.
    public var protocols: ProtocolRange

    /// A node like any other, unless told.
    public init(secondsAhead: Double = 0, protocols: ProtocolRange = .own) {
        (self.secondsAhead, self.protocols) = (secondsAhead, protocols)
    }
}

/// Several real daemons in this process, each with a home of its own, on loopback.
public final class Mesh: Sendable {
    let network = MemoryNetwork()
    let mode: MeshMode
    private let nodes: [String: MeshNode]

    init(_ names: [String], _ mode: MeshMode, _ traits: [String: MeshTraits]) async throws {
        self.mode = mode
        var nodes: [String: MeshNode] = [:]
        for name in names {
            nodes[name] = try await MeshNode(name: name, network: network, traits: traits[name] ?? MeshTraits())
        }
        self.nodes = nodes
    }

    /// The node with this name.
    public subscript(_ name: String) -> MeshNode {
        guard let node = nodes[name] else { preconditionFailure("there is no node \(name)") }
        return node
    }

    /// Asks `name` as its owner, or, with `peer`, asks that peer of it.
    public func ask<C: Call>(_ request: C, at name: String, on peer: String? = nil) async throws -> C.Reply {
        switch (mode, peer) {
        case (.live, _): return try await self[name].client.call(request, on: peer.map { .peer($0) } ?? .local)
        case (.direct, nil): return try await self[name].direct(request, from: .owner)
        case (.direct, let peer?):
            let target = self[peer]
            guard !target.relay.isCut, !self[name].relay.isCut else {
                throw KithError(.peerOffline, "\(peer) is cut off.")
            }
            return try await target.direct(request, from: try await target.caller(self[name].id))
        }
    }

    /// Asks a peer by the bare name of a capability, with an empty request, as a hostile program could.
    public func askRaw(_ capability: String, at name: String, on peer: String) async throws -> [UInt8] {
        try await self[name].client.raw(capability, json: Array("{}".utf8), on: .peer(peer))
    }

    /// Takes the cable of a node: connections break, new ones do not come about, its adverts vanish.
    public func cut(_ name: String) async {
        await self[name].relay.cut()
        network.cut(self[name].id, saysGoodbye: false)
    }

    /// Puts the cable back.
    public func heal(_ name: String) async throws {
        try await self[name].relay.heal()
        network.heal(self[name].id)
    }

    /// Pairs two nodes by a one-time string, over real TLS; each gives the other `preset`.
    ///
    /// - Parameter waits: whether to wait until each sees the other online.
    public func pair(_ one: String, _ other: String, preset: GrantPreset = .mine, waits: Bool = true) async throws {
        let (inviter, joiner) = (self[one], self[other])
        try await inviter.inviting(preset) { string in
            _ = try await joiner.pipe(JoinPeer(pairString: string, preset: preset)) { end in
                while let frame = try await end.receive() {
                    if frame.kind == .failure { throw try frame.decode(KithError.self) }
                    if frame.kind == .end { return }
                }
            }
        }
        guard waits else { return }
        try await inviter.waitUntilOnline(other)
        try await joiner.waitUntilOnline(one)
    }

    func stop() async {
        for node in nodes.values { await node.stop() }
    }
}

/// Makes a mesh, runs `body` with it, and removes every trace of it.
///
/// - Parameters:
///   - paired: whether every node is paired with every other, as machines of one owner.
///   - traits: what is special about some of the nodes.
@discardableResult
public func withMesh<Result>(
    _ names: [String], paired: Bool = true, mode: MeshMode = .live, traits: [String: MeshTraits] = [:],
    _ body: (Mesh) async throws -> Result
) async throws -> Result {
    let mesh = try await Mesh(names, mode, traits)
    do {
        if paired {
            for (index, one) in names.enumerated() {
                for other in names[(index + 1)...] { try await mesh.pair(one, other) }
            }
        }
        let result = try await body(mesh)
        await mesh.stop()
        return result
    } catch {
        await mesh.stop()
        throw error
    }
}
