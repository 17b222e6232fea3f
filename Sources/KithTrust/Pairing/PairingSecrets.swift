public import KithAPI

/// The randomness of one side of one pairing, as a value, so that an exchange can be repeated in a test.
///
/// Used once: a second session with the same secrets is a mistake.
public struct PairingSecrets: Sendable {
    let privateKey: [UInt8]
    let nonce: [UInt8]
    let session: [UInt8]

    /// Fresh secrets from the kernel.
    public static func random() -> PairingSecrets {
        var key = RandomBytes.make(32)
        // A P-256 scalar that begins with 32 ones may lie beyond the group's order.
        while key.prefix(4).allSatisfy({ $0 == 0xFF }) { key = RandomBytes.make(32) }
        return PairingSecrets(privateKey: key)
    }

    /// Secrets that are known, for vectors.
    ///
    /// - Throws: ``KithError`` with code `request.invalid` unless they are 32, 32 and 16 bytes.
    public init(privateKey: [UInt8], nonce: [UInt8], session: [UInt8]) throws(KithError) {
        guard privateKey.count == 32, nonce.count == 32, session.count == 16 else {
            throw KithError(.requestInvalid, "Pairing secrets are 32, 32 and 16 bytes.")
        }
        self.privateKey = privateKey
        self.nonce = nonce
        self.session = session
    }

    private init(privateKey: [UInt8]) {
        self.privateKey = privateKey
        nonce = RandomBytes.make(32)
        session = RandomBytes.make(16)
    }
}

extension PairingSecrets: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "PairingSecrets(…)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
