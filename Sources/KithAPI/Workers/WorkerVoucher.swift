public import FoundationEssentials

/// That a node vouches for one of its workers, until an hour: a statement that the node's key has signed.
///
/// Signed are the worker's key, its name, the bound of its grants, and both times. The port is a hint like any address.
public struct WorkerVoucher: Described, Equatable {
    /// Its certificate in DER, as base64; the key in it is what is vouched for.
    public var certificate: String
    /// Its name below the parent's.
    public var name: PeerName
    /// What it may do at most: of what the parent may, these alone; all of it if nil.
    public var grants: [Grant]?
    /// When this was signed, in whole seconds.
    public var issuedAt: Date
    /// From when on it counts for nothing, in whole seconds.
    public var expiresAt: Date
    /// The port at which the worker listens, at its parent's addresses; nil while that is not known.
    public var port: Int?
    /// ECDSA with SHA-256 in DER, as base64, by the parent's key.
    public var signature: String

    /// A voucher from its parts.
    public init(
        certificate: String, name: PeerName, grants: [Grant]?, issuedAt: Date, expiresAt: Date, signature: String = ""
    ) {
        (self.certificate, self.name, self.grants) = (certificate, name, grants)
        (self.issuedAt, self.expiresAt, self.signature) = (issuedAt, expiresAt, signature)
    }

    public static var parameters: [Parameter] {
        [
            Parameter("certificate", \Self.certificate, "Its certificate in DER, as base64."),
            Parameter("name", \Self.name, "Its name below the parent's."),
            Parameter("grants", \Self.grants, "What it may do at most of what its parent may; all of it unless given."),
            Parameter("issuedAt", \Self.issuedAt, "When this was signed."),
            Parameter("expiresAt", \Self.expiresAt, "From when on it counts for nothing."),
            Parameter("port", \Self.port, "The port at which the worker listens, at its parent's addresses."),
            Parameter("signature", \Self.signature, "ECDSA with SHA-256 in DER, as base64, by the parent's key."),
        ]
    }
}

/// Follows for which workers a node vouches: the whole list now, and again whenever it changes.
public struct FollowVouchers: Feed {
    /// A request.
    public init() {}

    /// All vouchers that count now; whoever is missing is vouched for no longer.
    public struct Element: Described, Equatable {
        /// The vouchers, by name.
        public var vouchers: [WorkerVoucher]

        /// A list.
        public init(vouchers: [WorkerVoucher]) { self.vouchers = vouchers }

        public static var parameters: [Parameter] {
            [Parameter("vouchers", \Self.vouchers, "All that count now, by name.")]
        }
    }

    public static var name: String { "worker.follow" }
    public static var summary: String { "Follow for which workers this node vouches." }
    public static var grant: Grant { .observe }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [] }
    public static var example: FollowVouchers { FollowVouchers() }
}
