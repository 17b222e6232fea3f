import FoundationEssentials
import KithAPI

/// The household, and what others vouch for. In memory only; it gives out pins and never keeps a decision longer than
/// the asking: a parent's grants, name and places are looked up each time.
struct VoucherShelf: Sendable {
    /// A voucher and, once somebody has asked, whose it is; nil if it was refused.
    private struct Slip: Sendable {
        let voucher: WorkerVoucher
        var worker: Certificate??
    }

    /// The most vouchers of one parent that are kept.
    static let maximum = StartWorkers.maximum

    private(set) var household: Household?
    private var slips: [PeerID: [Slip]] = [:]

    /// Replaces the household; answers whom this may concern.
    mutating func set(_ household: Household) -> [PeerID] {
        let old = self.household
        self.household = household
        let changed = (old?.inherited ?? []).filter { !household.inherited.contains($0) }.map(\.id)
        return changed + (old?.parent == household.parent ? [] : known(by: household.parent.id))
    }

    /// Replaces all that `parent` vouches for; answers which workers this concerns: those that are out, and those that
    /// are somewhere else now. Workers that nobody has asked for concern nobody: their vouchers are not even verified.
    mutating func put(_ vouchers: [WorkerVoucher], by parent: PinnedPeer) -> (out: [PeerID], moved: [PeerID]) {
        let old = Dictionary((slips[parent.id] ?? []).map { ($0.voucher.certificate, $0) }, uniquingKeysWith: { $1 })
        let new = vouchers.prefix(Self.maximum)
        slips[parent.id] = new.map { voucher in
            guard let known = old[voucher.certificate], known.voucher.says(theSameAs: voucher) else {
                return Slip(voucher: voucher)
            }
            return Slip(voucher: voucher, worker: known.worker)
        }
        let signed = Set(new.map(\.signature))
        let out = old.values.filter { !signed.contains($0.voucher.signature) }
        let moved = new.filter { $0.port != nil && old[$0.certificate]?.voucher.port != $0.port }
        return (
            out.compactMap { ($0.worker ?? nil)?.id }, moved.compactMap { (old[$0.certificate]?.worker ?? nil)?.id }
        )
    }

    /// Forgets what `parent` vouches for; answers which workers this concerns.
    mutating func forget(_ parent: PeerID) -> [PeerID] {
        let ids = known(by: parent)
        slips[parent] = nil
        return ids
    }

    /// The workers of `parent` that were asked for so far, whether they count or not.
    func known(by parent: PeerID) -> [PeerID] { (slips[parent] ?? []).compactMap { ($0.worker ?? nil)?.id } }

    /// Whoever is trusted through the household or a voucher now.
    ///
    /// - Parameter active: the peer of that identity with which this node itself is paired.
    mutating func pins(at now: Date, active: (PeerID) -> PinnedPeer?) -> [PinnedPeer] {
        let parents = slips.keys.sorted { $0.text < $1.text }.compactMap { parent($0, at: now, active) }
        return (household?.inherited ?? []) + parents.flatMap { parent in workers(of: parent, at: now) }
    }

    /// The one of ``pins(at:active:)`` with this identity.
    mutating func pin(_ id: PeerID, at now: Date, active: (PeerID) -> PinnedPeer?) -> PinnedPeer? {
        if let pin = household?.inherited.first(where: { $0.id == id }) { return pin }
        for case let parent? in slips.keys.map({ self.parent($0, at: now, active) }) {
            if let pin = workers(of: parent, at: now, only: id).first { return pin }
        }
        return nil
    }

    private func parent(_ id: PeerID, at now: Date, _ active: (PeerID) -> PinnedPeer?) -> PinnedPeer? {
        if let household, household.parent.id == id { return household.parent }
        guard let pin = active(id), pin.state == .active, pin.grants.allows(.vouch, at: now) else { return nil }
        return pin
    }

    private mutating func workers(of parent: PinnedPeer, at now: Date, only id: PeerID? = nil) -> [PinnedPeer] {
        var pins: [PinnedPeer] = []
        for index in (slips[parent.id] ?? []).indices {
            guard let slip = slips[parent.id]?[index], slip.voucher.counts(at: now) else { continue }
            let worker = slip.worker ?? (try? slip.voucher.verified(by: parent.certificate))
            slips[parent.id]?[index].worker = .some(worker)
            guard let worker, id == nil || worker.id == id else { continue }
            pins.append(Self.pin(worker, slip.voucher, parent))
        }
        return pins
    }

    private static func pin(_ worker: Certificate, _ voucher: WorkerVoucher, _ parent: PinnedPeer) -> PinnedPeer {
        let addresses = voucher.port.map { port in parent.addresses.compactMap { Address(host: $0.host, port: port) } }
        var pin = PinnedPeer(
            id: worker.id, name: PeerName(voucher.name, of: parent.name.last), certificate: worker,
            grants: parent.grants.bound(by: voucher.grants), addresses: addresses ?? [], addedAt: voucher.issuedAt,
            state: .active)
        (pin.source, pin.bound) = (.voucher(of: parent.id), voucher.grants)
        return pin
    }
}

extension Household {
    /// Whom a worker trusts as its parent does, and the parent itself.
    var inherited: [PinnedPeer] {
        guard !isOurs else { return [] }
        return ([parent] + peers).map { pin in
            var pin = pin
            pin.source = .household
            return pin
        }
    }
}
