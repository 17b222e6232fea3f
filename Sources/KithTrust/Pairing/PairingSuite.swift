/// The curve of the ephemeral keys. Both are 128-bit strong; the joiner chooses.
public enum PairingSuite: UInt8, Sendable, CaseIterable {
    /// X25519 (RFC 7748): what we always offer.
    case x25519 = 1
    /// P-256 (SEC 1), for hardware that has nothing else.
    case p256 = 2

    /// How long a public key is on the wire.
    var publicKeyBytes: Int { self == .x25519 ? 32 : 65 }
}
