import Foundation
import Glibc
import KithAPI

/// Looks for what makes a node less safe than it could be: open sockets, wide grants, peers long gone, an old key.
struct SecurityDoctor: Sendable {
    let home: Home
    let status: StatusService
    let peers: PeersService
    let seen: SeenBook
    let now: @Sendable () -> Date

    /// Days after which a peer that was never heard is one to part with, and a key is old.
    private static let (longUnseen, oldKey) = (90, 730)

    func examine() async -> [Finding] {
        let listening = OpenPorts.held(by: getpid())
        var findings = Self.sockets(listening, expected: Set(status.listening.map(\.port)), loopback: mcpPort)
        findings.append(key())
        let grants = GrantsCheck(userHome: peers.userHome)
        // A worker may do what its parent may: what is said of that one is said of both.
        let firstHand = Set(peers.book.pairedPeers.map(\.id))
        for peer in await peers.list().peers where firstHand.contains(peer.id) {
            findings += [grants.finding(about: peer), unseen(peer)].compactMap { $0 }
        }
        return findings
    }

    private var mcpPort: Int? {
        struct Notice: Decodable { var url: URL }
        guard let data = FileManager.default.contents(atPath: home.folders.data + "/" + MCPDoor.fileName) else {
            return nil
        }
        return (try? JSONDecoder().decode(Notice.self, from: data))?.url.port
    }

    // MARK: Checks

    /// Who listens on what: the peers' door, the MCP door on the loopback interface, and nothing else.
    static func sockets(_ listening: [OpenPorts], expected: Set<Int>, loopback: Int?) -> [Finding] {
        listening.map { socket in
            let place = "\(socket.host):\(socket.port)"
            if expected.contains(socket.port) {
                return Finding("socket", .ok, "\(place) is for paired peers: TLS, known keys only.")
            }
            if socket.port == loopback, socket.isLoopback {
                return Finding("socket", .ok, "\(place) is for agents of this machine: MCP, with a token.")
            }
            return Finding(
                "socket", .warning, "This process listens at \(place), and Kith does not know why.",
                remedy: "kith restart  # And see: ss -ltnp sport = :\(socket.port)")
        }
    }

    private func key() -> Finding {
        let folder = home.identityFolder
        guard let made = Disk.modified(folder + "/key.pem") else { return Finding("key", .ok, "None yet.") }
        let days = Int(now().timeIntervalSince(made) / 86_400)
        guard days > Self.oldKey else { return Finding("key", .ok, "It is \(days) days old.") }
        let aside = "\(folder).\(days)-days-old"
        return Finding(
            "key", .warning, "It is \(days) days old.",
            remedy: "kith stop; mv \(folder.quoted) \(aside.quoted) && kith init && kith start"
                + "  # A new key: pair anew with every peer.")
    }

    private func unseen(_ peer: PeerStatus) -> Finding? {
        guard peer.status != .online, let pin = peers.book.pin(for: peer.id) else { return nil }
        let last = [peer.lastSeen, seen.last(peer.id), pin.addedAt].compactMap(\.self).max()
        return Self.unseen(peer.name, since: last ?? pin.addedAt, at: now())
    }

    /// What to say of a peer that was last seen at a moment; nil if that is not long ago.
    static func unseen(_ peer: PeerName, since last: Date, at now: Date) -> Finding? {
        let days = Int(now.timeIntervalSince(last) / 86_400)
        guard days >= longUnseen else { return nil }
        return Finding(
            "unseen \(peer)", .warning, "It has not been seen for \(days) days, and still holds grants here.",
            remedy: "kith peers remove \(peer)")
    }
}
