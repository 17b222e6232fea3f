import COpenSSL
import KithAPI

/// A key for one pairing, on the curve of its suite.
struct EphemeralKey {
    let suite: PairingSuite
    /// What the other side may see: 32 bytes (X25519), or 65 (P-256, uncompressed).
    let publicBytes: [UInt8]
    private let privateBytes: [UInt8]

    /// The key with these 32 private bytes; nil if the curve has no such key.
    init?(_ suite: PairingSuite, privateBytes: [UInt8]) {
        guard privateBytes.count == 32, let key = suite.privateKey(privateBytes),
            let publicBytes = suite.publicBytes(of: key)
        else { return nil }
        self.suite = suite
        self.privateBytes = privateBytes
        self.publicBytes = publicBytes
    }

    /// The Diffie-Hellman secret; nil for a point off the curve, and for an all-zero result.
    func sharedSecret(with peer: [UInt8]) -> [UInt8]? {
        guard let own = suite.privateKey(privateBytes), let other = suite.publicKey(peer),
            let secret = own.sharedSecret(with: other),
            !ConstantTime.areEqual(secret, [UInt8](repeating: 0, count: 32))
        else { return nil }
        return secret
    }
}

extension PairingSuite {
    /// OpenSSL takes P-256 keys in DER; these are the constant bytes around the key itself.
    private static let scalarPrefix: [UInt8] = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20]
    private static let scalarSuffix: [UInt8] = [
        0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
    ]
    /// How many points P-256 has; OpenSSL would quietly take the remainder of a larger scalar.
    private static let order: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ]
    /// SubjectPublicKeyInfo of P-256 up to the uncompressed point of 65 bytes.
    static let pointPrefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
        0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]

    fileprivate func privateKey(_ bytes: [UInt8]) -> KeyHandle? {
        switch self {
        case .x25519:
            return KeyHandle(owning: EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nil, bytes, bytes.count))
        case .p256:
            guard bytes.lexicographicallyPrecedes(Self.order) else { return nil }
            let der = Self.scalarPrefix + bytes + Self.scalarSuffix
            let key = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
                var position = buffer.baseAddress
                return d2i_PrivateKey(EVP_PKEY_EC, nil, &position, buffer.count)
            }
            return KeyHandle(owning: key)
        }
    }

    fileprivate func publicKey(_ bytes: [UInt8]) -> KeyHandle? {
        guard bytes.count == publicKeyBytes else { return nil }
        switch self {
        case .x25519:
            return KeyHandle(owning: EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nil, bytes, bytes.count))
        case .p256:
            // 4 says uncompressed; OpenSSL would also take the hybrid forms 6 and 7.
            guard bytes.first == 4 else { return nil }
            return KeyHandle(publicDER: Self.pointPrefix + bytes)
        }
    }

    fileprivate func publicBytes(of key: borrowing KeyHandle) -> [UInt8]? {
        switch self {
        case .x25519:
            var bytes = [UInt8](repeating: 0, count: 32)
            var count = bytes.count
            return EVP_PKEY_get_raw_public_key(key.pointer, &bytes, &count) == 1 ? bytes : nil
        case .p256:
            let der = key.publicDER
            guard der.starts(with: Self.pointPrefix), der.count == Self.pointPrefix.count + 65 else { return nil }
            return Array(der.suffix(65))
        }
    }
}
