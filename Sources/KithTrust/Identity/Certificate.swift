import COpenSSL
public import KithAPI
import KithDigest

/// The self-signed X.509 certificate by which a node shows its public key in TLS.
///
/// Nothing in it is believed but the key: names and dates are what its maker wrote.
public struct Certificate: Sendable, Hashable {
    /// The whole certificate in DER, at most 8 KiB.
    public let der: [UInt8]
    /// SHA-256 of its SubjectPublicKeyInfo: who the node is.
    public let id: PeerID
    private let publicKey: [UInt8]

    /// Checks one certificate, as it came from a TLS session or from the trust book.
    ///
    /// It must be the whole of `der`, version 3, not an authority, over a P-256 key in its one
    /// canonical form, and signed by that key with SHA-256. Takes about 0.2 ms.
    ///
    /// - Throws: ``KithError`` with code `denied`.
    public init(der: [UInt8]) throws(KithError) {
        guard der.count <= 8_192, let handle = CertificateHandle(der: der) else {
            throw Self.refusal("it is not one well-formed certificate")
        }
        let publicKey = handle.publicKeyDER
        guard publicKey.count == 91, publicKey.starts(with: PairingSuite.pointPrefix + [4]),
            let id = PeerID(bytes: SHA256.hash(publicKey))
        else { throw Self.refusal("its key is not a P-256 key") }
        guard handle.isLeaf else { throw Self.refusal("it is a certificate authority, or too old a version") }
        guard handle.isSelfSigned else { throw Self.refusal("it is not signed by its own key") }
        self.der = der
        self.id = id
        self.publicKey = publicKey
    }

    /// Whether `signature` (ECDSA with SHA-256, DER) was made over `bytes` by this node's key.
    public func verify(signature: [UInt8], of bytes: [UInt8]) -> Bool {
        guard let key = KeyHandle(publicDER: publicKey) else { return false }
        return key.verifies(signature, of: bytes)
    }

    /// The certificate as PEM text.
    public var pem: [UInt8] {
        CertificateHandle(der: der)?.pem ?? []
    }

    private static func refusal(_ why: String) -> KithError {
        KithError(.denied, "The certificate was refused: \(why).", hint: "Is the other side a Kith node?")
    }
}

extension Certificate: CustomStringConvertible {
    public var description: String { "Certificate(\(id.short))" }
}
