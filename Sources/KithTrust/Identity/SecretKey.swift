import KithAPI

/// The private key of a node. It is not Codable, and it does not print itself.
///
/// Kept as bytes and handed to OpenSSL for each use, so that it can cross tasks without a lock.
public struct SecretKey: Sendable {
    private let pem: [UInt8]

    /// Reads a P-256 key from PEM.
    init(pem: [UInt8]) throws(KithError) {
        guard let key = KeyHandle(privatePEM: pem), key.publicDER.starts(with: PairingSuite.pointPrefix) else {
            throw KithError(.storeDamaged, "The private key cannot be read.", hint: "Restore it from a backup.")
        }
        self.pem = pem
    }

    /// Gives the PEM text (PKCS #8) to `body`, for a TLS library; the caller must not keep it.
    public func withPEM<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result {
        try body(pem)
    }

    /// OpenSSL's form of the key, for one scope.
    func handle() throws(KithError) -> KeyHandle {
        guard let key = KeyHandle(privatePEM: pem) else {
            throw KithError(.internalError, "OpenSSL could not take the private key.")
        }
        return key
    }
}

extension SecretKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SecretKey(…)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
