import COpenSSL

/// Comparison that takes as long for a near miss as for a far one.
public enum ConstantTime {
    /// Whether both hold the same bytes. Only the lengths may be learned from the time it takes.
    public static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return CRYPTO_memcmp(one, other, one.count) == 0
    }
}
