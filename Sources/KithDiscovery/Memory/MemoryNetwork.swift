public import KithAPI
import Synchronization

/// A network in this process: nodes with a ``MemoryDiscovery`` on it see each other at 127.0.0.1.
public final class MemoryNetwork: Sendable {
    private struct Member {
        var advert: Advert?
        var listener: AsyncStream<DiscoveryEvent>.Continuation?
        var isCut = false

        /// What the others see of it.
        var sighting: Sighting? {
            guard listener != nil, !isCut, let advert else { return nil }
            return MemoryNetwork.sighting(of: advert)
        }
    }

    private let members = Mutex<[PeerID: Member]>([:])

    /// A network without nodes.
    public init() {}

    /// Takes the node off the network: it and the others lose each other.
    /// - Parameter saysGoodbye: false for a pulled plug: nobody is told.
    public func cut(_ id: PeerID, saysGoodbye: Bool = true) {
        members.withLock { members in
            if saysGoodbye { Self.part(id, in: members) }
            members[id, default: Member()].isCut = true
        }
    }

    /// Puts the node back on the network; everybody finds each other again.
    public func heal(_ id: PeerID) {
        members.withLock { members in
            members[id, default: Member()].isCut = false
            Self.meet(id, in: members)
        }
    }

    func join(_ id: PeerID, listener: AsyncStream<DiscoveryEvent>.Continuation) {
        members.withLock { members in
            members[id, default: Member()].listener = listener
            listener.yield(.available)
            Self.meet(id, in: members)
        }
    }

    func leave(_ id: PeerID) {
        members.withLock { members in
            Self.part(id, in: members)
            members[id]?.listener = nil
        }
    }

    func announce(_ advert: Advert?, by id: PeerID) {
        members.withLock { members in
            let before = members[id]?.sighting
            members[id, default: Member()].advert = advert
            let after = members[id]?.sighting
            if let after { Self.tell(.found(after), except: id, in: members) }
            if let before, after == nil { Self.tell(.lost(before.key), except: id, in: members) }
        }
    }

    private static func meet(_ id: PeerID, in members: [PeerID: Member]) {
        guard let member = members[id], let listener = member.listener, !member.isCut else { return }
        if let sighting = member.sighting { tell(.found(sighting), except: id, in: members) }
        for (other, seen) in members where other != id {
            if let sighting = seen.sighting { listener.yield(.found(sighting)) }
        }
    }

    private static func part(_ id: PeerID, in members: [PeerID: Member]) {
        guard let member = members[id], let listener = member.listener, !member.isCut else { return }
        if let sighting = member.sighting { tell(.lost(sighting.key), except: id, in: members) }
        for (other, seen) in members where other != id {
            if let sighting = seen.sighting { listener.yield(.lost(sighting.key)) }
        }
    }

    private static func tell(_ event: DiscoveryEvent, except id: PeerID, in members: [PeerID: Member]) {
        for (other, member) in members where other != id && !member.isCut { member.listener?.yield(event) }
    }

    private static func sighting(of advert: Advert) -> Sighting? {
        guard let address = Address(host: "127.0.0.1", port: advert.port) else { return nil }
        let key = Sighting.Key(instance: advert.id.text, interface: 0, isIPv6: false)
        return Sighting(key: key, advert: advert, address: address)
    }
}
