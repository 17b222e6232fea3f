import KithAPI
import KithDiscovery
import KithTrust
import KithWire

/// Finds peers in the trust book and their addresses in the roster.
struct Directory: PeerDirectory {
    let book: TrustBook
    let roster: Roster

    func find(_ text: String) throws -> PinnedPeer {
        let pin = try byAddress(text) ?? book.find(text)
        guard pin.state == .active else {
            throw KithError(
                .peerNotPaired, "Pairing with \(pin.name) is not finished.",
                hint: "Wait for the other side, or pair again.")
        }
        return pin
    }

    /// The peer that was last reached at `text`, if that is an address and no peer's name.
    private func byAddress(_ text: String) -> PinnedPeer? {
        guard let address = Address(text) else { return nil }
        return book.peers.first { $0.name.text != text && $0.addresses.contains(address) }
    }

    func candidates(for id: PeerID) async -> [Address] {
        let known = await roster.candidates(for: id)
        return known.isEmpty ? book.pin(for: id)?.addresses ?? [] : known
    }

    func answered(_ id: PeerID, at address: Address) async { await roster.noteAnswered(id, at: address) }

    func arrived(_ id: PeerID) async { await roster.noteArrived(id) }

    func failed(_ id: PeerID) async { await roster.noteFailed(id) }
}
