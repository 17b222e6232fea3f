public import KithAPI

extension TrustBook {
    /// Says whose workers are trusted without any grant: ours, or, at a worker, its siblings. Replaces the last word.
    public func setHousehold(_ household: Household) { changeShelf { $0.set(household) } }

    /// Takes what the node `parent` vouches for now, which that node itself has just said; whoever is missing is out.
    ///
    /// Each statement is verified when somebody is asked for. It counts as long as its parent is paired, active, and
    /// holds ``Grant/vouch`` here, or is the parent of the household.
    /// - Returns: false if `parent` may not vouch here.
    @discardableResult
    public func take(_ vouchers: [WorkerVoucher], of parent: PeerID) -> Bool {
        guard let pin = voucher(parent) else { return false }
        let (out, moved) = shelf.withLock { $0.put(vouchers, by: pin) }
        for id in out { tell(TrustChange(id: id, kind: .grantsChanged)) }
        for id in moved { tell(TrustChange(id: id, kind: .addressLearned)) }
        tell(TrustChange(id: parent, kind: .vouchersChanged))
        return true
    }

    /// Forgets what `parent` vouched for.
    public func forgetVouchers(of parent: PeerID) { changeShelf { $0.forget(parent) } }

    /// Whose trust here hangs on `id`: what is changed for it changes for them.
    public func workers(vouchedBy id: PeerID) -> [PeerID] { shelf.withLock { $0.known(by: id) } }

    /// Those whose grants stand in a trust book, this node's or its parent's: all but workers, whose follow from them.
    public var firstHand: [PinnedPeer] { pairedPeers + shelf.withLock { $0.household?.inherited ?? [] } }

    /// Those in whom this node may find work though nobody watches them: its own workers and those of its peers, or, at
    /// a worker, its parent.
    public var relatives: [PeerID] {
        let household = shelf.withLock { $0.household }
        if let household, !household.isOurs { return [household.parent.id] }
        return peers.filter { $0.source != .pairing && !$0.addresses.isEmpty }.map(\.id)
    }

    /// Who may vouch here.
    private func voucher(_ id: PeerID) -> PinnedPeer? {
        if let parent = shelf.withLock({ $0.household?.parent }), parent.id == id { return parent }
        return pin(for: id).flatMap { $0.state == .active && $0.source == .pairing ? $0 : nil }
    }

    /// Whoever loses by the change hears of it: connections that hung on it end.
    private func changeShelf(_ change: @Sendable (inout VoucherShelf) -> [PeerID]) {
        let concerned = shelf.withLock { change(&$0) }
        for id in Set(concerned) { tell(TrustChange(id: id, kind: .grantsChanged)) }
    }
}
