/// Remembers an address of a paired peer, after the peer has answered there with its key.
public struct AddPeer: Call {
    /// `host` or `host:port`.
    public var address: String

    /// A request to remember `address`.
    public init(address: String) { self.address = address }

    public typealias Reply = PeerStatus
    public static var name: String { "peer.add" }
    public static var summary: String { "Remember an address at which a paired peer answers." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] { [Parameter("address", \Self.address, "`host` or `host:port`.")] }
    public var object: String? { address }
    public static var example: AddPeer { AddPeer(address: "192.0.2.7:5484") }
}

/// Ends the trust in a peer at once: its connections close, and its key is not taken back by itself.
public struct RemovePeer: Call {
    /// The peer: a name or a prefix of its id.
    public var peer: String

    /// A request to forget `peer`.
    public init(peer: String) { self.peer = peer }

    public typealias Reply = PeerStatus
    public static var name: String { "peer.remove" }
    public static var summary: String { "Unpair: end the trust in a peer at once." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] { [Parameter("peer", \Self.peer, "A name or a prefix of its id.")] }
    public var object: String? { peer }
    public static var example: RemovePeer { RemovePeer(peer: "studio") }
}

/// Calls a peer by another name on this machine.
public struct RenamePeer: Call {
    /// The peer: a name or a prefix of its id.
    public var peer: String
    /// The new name.
    public var newName: PeerName

    /// A request to rename `peer`.
    public init(peer: String, newName: PeerName) {
        self.peer = peer
        self.newName = newName
    }

    public typealias Reply = PeerStatus
    public static var name: String { "peer.rename" }
    public static var summary: String { "Call a peer by another name on this machine." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] {
        [
            Parameter("peer", \Self.peer, "A name or a prefix of its id."),
            Parameter("newName", \Self.newName, "The new name."),
        ]
    }
    public var object: String? { peer }
    public static var example: RenamePeer { RenamePeer(peer: "studio", newName: PeerName(nearest: "attic")) }
}

/// Changes what a peer may do here, at once, on its running streams too.
public struct GrantPeer: Call {
    /// The peer: a name or a prefix of its id.
    public var peer: String
    /// Start from this preset instead of from what it has.
    public var preset: GrantPreset?
    /// Rules to add; they replace those that the peer has with the same grant and effect.
    public var add: [GrantRule]?
    /// Grants to take away, with all their rules.
    public var remove: [Grant]?

    /// A request to change the grants of `peer`.
    public init(peer: String, preset: GrantPreset? = nil, add: [GrantRule]? = nil, remove: [Grant]? = nil) {
        self.peer = peer
        self.preset = preset
        self.add = add
        self.remove = remove
    }

    public typealias Reply = PeerStatus
    public static var name: String { "peer.grant" }
    public static var summary: String { "Change what a peer may do here." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] {
        [
            Parameter("peer", \Self.peer, "A name or a prefix of its id."),
            Parameter("preset", \Self.preset, "Start from this preset instead of from what it has."),
            Parameter("add", \Self.add, "Rules to add; they replace what it has with the same grant and effect."),
            Parameter("remove", \Self.remove, "Grants to take away."),
        ]
    }
    public var object: String? { peer }
    public static var example: GrantPeer {
        GrantPeer(peer: "studio", add: [GrantRule(.exec, scope: ["git", "swift"])])
    }
}
