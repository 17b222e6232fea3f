import KithAPI

/// Workers, and those whom a worker knows through its parent: why one is not there, and who has the say about it.
extension TrustBook {
    /// What about a peer is to be changed.
    enum Wish { case name, grants, trust }

    /// What a worker is called and may do, and whether it is trusted, follows from its parent.
    func requireOwnWord(about id: PeerID, as wish: Wish) throws(KithError) {
        guard let pin = pin(for: id), pin.source != .pairing else { return }
        throw KithError(
            .conflict, "This node is not paired with \(pin.name) itself.", hint: remedy(for: wish, of: pin))
    }

    /// What is said of a worker that is not trusted now, though its parent is known; nil for any other word.
    func absence(of text: String, _ household: Household?) -> KithError? {
        guard let name = PeerName(whole: text) else { return nil }
        if let household, household.resting.contains(name.last), [nil, household.parent.name].contains(name.parent) {
            let place = household.isOurs ? "" : " at \(household.parent.name)"
            return KithError(
                .peerOffline, "\(name.last) is stopped.", hint: "Start it\(place): `kith session start \(name.last)`.")
        }
        guard let parent = pairedPeers.first(where: { $0.name == name.parent && $0.state == .active }) else {
            return nil
        }
        guard mayVouch(parent) else {
            return KithError(
                .peerUnknown, "\(name) is not known here: \(parent.name) may not vouch for its workers.",
                hint: "Allow it: `kith peers grant \(parent.name) --allow vouch`.")
        }
        return KithError(
            .peerUnknown, "\(parent.name) has no worker \(name.last) that runs.",
            hint: "Start it there: `kith session start \(name.last)`. `kith peers` shows those that run.")
    }

    private func remedy(for wish: Wish, of pin: PinnedPeer) -> String {
        guard let household = shelf.withLock({ $0.household }), !household.isOurs else {
            return remedy(for: wish, ofWorker: pin)
        }
        return "This is a worker: its parent, \(household.parent.name), decides whom it trusts."
    }

    private func remedy(for wish: Wish, ofWorker pin: PinnedPeer) -> String {
        let (name, parent) = (pin.name.last, pin.name.parent?.text ?? "")
        let isOurs = shelf.withLock { $0.household?.parent.id }.map { pin.source == .voucher(of: $0) } ?? false
        return switch (wish, isOurs) {
        case (.name, true): "A worker keeps its name; `kith session start NAME` makes another."
        case (.name, false): "It is called after its parent: `kith peers rename \(parent) NAME`."
        case (.grants, true): "Say what it may do at its start: `kith session start \(name) --may GRANT`."
        case (.grants, false):
            "It may do what its parent may: `kith peers grant \(parent) --revoke GRANT`. To bound it alone, at \(parent): "
                + "`kith session start \(name) --may GRANT`."
        case (.trust, true):
            "To stop it: `kith session stop \(name)`. With all that it holds: `kith session remove \(name)`."
        case (.trust, false):
            "To part with all workers of \(parent): `kith peers grant \(parent) --revoke vouch`. With it alone, at \(parent): "
                + "`kith session stop \(name)`."
        }
    }
}
