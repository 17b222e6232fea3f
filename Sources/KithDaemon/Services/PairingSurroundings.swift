import KithAPI
import KithDiscovery
import KithTrust
import KithWire

extension PairingDesk.Surroundings {
    /// What pairing must know, from the services of a node.
    static func node(
        status: StatusService, roster: Roster, discovery: any Discovery, peers: PeersService, book: TrustBook
    ) -> PairingDesk.Surroundings {
        PairingDesk.Surroundings(
            meta: {
                let identity = status.identity
                return PairingMeta(
                    id: identity.id, name: identity.name, asks: [], versions: Version.protocols,
                    port: status.announcedPort ?? 0)
            },
            addresses: { status.reachable },
            resolve: { try await resolve($0, roster, book) },
            invites: { await discovery.announce(status.advert(isPairing: $0)) },
            describe: { id in
                guard let pin = book.pin(for: id) else { throw KithError(.peerUnknown, "The new peer is gone again.") }
                return await peers.status(of: pin)
            })
    }

    /// A discovered name or id, a paired peer that is to be paired anew, or else an address.
    private static func resolve(_ target: String, _ roster: Roster, _ book: TrustBook) async throws -> [Address] {
        guard !target.hasPrefix("kith1:") else {
            throw KithError(
                .requestInvalid, "This is a pair string, not a machine.",
                hint: "Give it to `kith pair --accept -` on standard input: it is a secret.")
        }
        let meant = await roster.snapshot().filter { presence in
            presence.name.text == target || (target.utf8.count >= 4 && presence.id.text.hasPrefix(target.lowercased()))
        }
        // A peer that was set up anew stands beside its former self: whoever pairs means the new one.
        let strangers = meant.filter { book.pin(for: $0.id) == nil }
        let seen = strangers.isEmpty ? meant : strangers
        guard seen.count <= 1 else {
            throw KithError(
                .peerAmbiguous, "More than one node is called `\(target)`.",
                hint: "Use the beginning of its id: " + seen.map(\.id.short).joined(separator: ", ") + ".")
        }
        if let addresses = seen.first?.addresses, !addresses.isEmpty { return addresses }
        if let pin = try? book.find(target), !pin.addresses.isEmpty { return pin.addresses }
        guard let address = Address(target) else {
            throw KithError(
                .requestInvalid, "`\(target)` is neither a discovered node nor an address.",
                hint: "`kith peers` lists who is near.")
        }
        guard await NameLookup.knows(address.host) else {
            throw KithError(
                .peerOffline, "The name `\(address.host)` cannot be resolved.",
                hint: "`kith peers` lists who is near; or give its address.")
        }
        return [address]
    }
}

extension StatusService {
    /// What this node announces; nil until its peer door is open.
    func advert(isPairing: Bool) -> Advert? {
        guard let port = announcedPort else { return nil }
        let identity = identity
        return Advert(
            name: identity.name, id: identity.id, port: port, protocols: Version.protocols, isPairing: isPairing)
    }

    /// Where others may try to reach this node: the address it binds to, or all of this machine's.
    var reachable: [Address] {
        guard let bound = listening.first, let port = announcedPort else { return [] }
        let isEverywhere = bound.host == "0.0.0.0" || bound.host == "::"
        return (isEverywhere ? NetworkInterfaces.addresses : [bound.host]).compactMap { Address(host: $0, port: port) }
    }
}
