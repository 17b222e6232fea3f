public import FoundationEssentials
public import KithAPI

extension WorkerVoucher {
    /// How long a voucher counts; a parent that is reached signs it anew long before.
    public static let lifetime: TimeInterval = 86_400
    /// A statement that would count for longer is refused: whoever holds it could wait for its worker's end.
    static let longestLifetime: TimeInterval = 2 * lifetime
    /// Seconds by which the parent's clock may be ahead of ours.
    static let toleratedSkew: TimeInterval = 300

    /// Signs that `worker`, called `name`, is a worker of `parent`, from `now` on for ``lifetime``.
    public static func signed(
        by parent: Identity, for worker: Certificate, name: PeerName, grants: [Grant]?, now: Date
    ) throws(KithError) -> WorkerVoucher {
        let issuedAt = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        var voucher = WorkerVoucher(
            certificate: Data(worker.der).base64EncodedString(), name: name, grants: grants, issuedAt: issuedAt,
            expiresAt: issuedAt + lifetime)
        let signature = try parent.sign(voucher.statement(about: worker.id, by: parent.id))
        voucher.signature = Data(signature).base64EncodedString()
        return voucher
    }

    /// The worker's certificate, if all of this is what the holder of `parent`'s key has signed.
    ///
    /// Whether it counts now says ``counts(at:)``.
    /// - Throws: ``KithError`` `denied`.
    func verified(by parent: Certificate) throws(KithError) -> Certificate {
        guard name.parent == nil, let der = Data(base64Encoded: certificate), der.count <= 8_192,
            let signature = Data(base64Encoded: signature), signature.count <= 128,
            expiresAt.timeIntervalSince(issuedAt) <= Self.longestLifetime
        else { throw Self.refusal("it is not well formed") }
        let worker = try Certificate(der: Array(der))
        guard worker.id != parent.id else { throw Self.refusal("nobody vouches for itself") }
        guard parent.verify(signature: Array(signature), of: statement(about: worker.id, by: parent.id)) else {
            throw Self.refusal("its parent has not signed it")
        }
        return worker
    }

    /// Whether it differs in nothing but the port, which is not signed.
    func says(theSameAs other: WorkerVoucher) -> Bool {
        var copy = other
        copy.port = port
        return self == copy
    }

    /// Whether its time has come and has not passed.
    func counts(at now: Date) -> Bool { issuedAt.timeIntervalSince(now) <= Self.toleratedSkew && now < expiresAt }

    /// What is signed: every part with its length before it, so that none can be taken for another.
    private func statement(about worker: PeerID, by parent: PeerID) -> [UInt8] {
        let bound = grants.map { "only " + $0.map(\.rawValue).sorted().joined(separator: ",") } ?? "all"
        let times = [issuedAt, expiresAt].map { String(Int64($0.timeIntervalSince1970)) }
        let parts = [Array("kith-voucher/1".utf8), parent.bytes, worker.bytes]
        let words = [name.text, bound] + times
        return (parts + words.map { Array($0.utf8) }).flatMap { LengthPrefix.encode($0) }
    }

    private static func refusal(_ why: String) -> KithError {
        KithError(.denied, "The voucher was refused: \(why).")
    }
}

extension GrantSet {
    /// What a worker may do: of what its parent may, the part that the voucher names. Vouching is nobody's to pass on.
    func bound(by grants: [Grant]?) -> GrantSet {
        GrantSet(rules.filter { $0.grant != .vouch && grants?.contains($0.grant) != false })
    }
}
