import COpenSSL
public import FoundationEssentials
import Glibc
public import KithAPI

/// Who this node is: one key, made once, and the certificate that shows it.
///
/// `key.pem` (0600) and `certificate.pem` stand in a folder of mode 0700. The key is the identity;
/// the certificate can be made again from it. Making and loading block on the disk: do it at start.
public struct Identity: Sendable {
    /// What peers know this node by.
    public let id: PeerID
    /// What this node shows in TLS.
    public let certificate: Certificate
    /// What proves that it is this node.
    public let privateKey: SecretKey

    /// Makes a new identity in `folder`, which is created if its parent is there.
    ///
    /// - Throws: ``KithError``: `conflict` if the folder holds a key already, `denied` if others can
    ///   enter it, or what the disk said.
    public static func create(in folder: String, name: PeerName, now: Date) throws(KithError) -> Identity {
        try PrivateFolder.prepare(folder)
        guard let key = KeyHandle(owning: kith_new_p256_key()), let pem = key.privatePEM else {
            throw KithError(.internalError, "OpenSSL could not make a key.")
        }
        guard try DurableFile.create(keyPath(folder), with: pem) else {
            throw KithError(.conflict, "\(folder) holds a key already.", hint: "Keep it; it is this node's identity.")
        }
        return try certify(SecretKey(pem: pem), in: folder, name: name, now: now)
    }

    /// The identity in `folder`.
    ///
    /// - Throws: ``KithError``: `denied` with the command that repairs it if others can read the key,
    ///   `not_found` if there is none, `store.damaged` if key and certificate do not belong together.
    public static func load(from folder: String) throws(KithError) -> Identity {
        try PrivateFolder.check(folder)
        let key = try SecretKey(pem: PrivateFile.read(keyPath(folder), limit: 16_384))
        let pem = try PrivateFile.read(certificatePath(folder), limit: 16_384)
        guard let handle = CertificateHandle(pem: pem), let certificate = try? Certificate(der: handle.der),
            handle.fits(try key.handle())
        else {
            throw KithError(
                .storeDamaged, "\(certificatePath(folder)) is not the certificate of the key beside it.",
                hint: "Remove it; it is made again from the key.")
        }
        return Identity(id: certificate.id, certificate: certificate, privateKey: key)
    }

    /// The identity in `folder`, made now if there is none; a lost certificate is made again.
    ///
    /// Several processes may call it at once: all get the same identity.
    public static func loadOrCreate(in folder: String, name: PeerName, now: Date) throws(KithError) -> Identity {
        try PrivateFolder.prepare(folder)
        if !exists(keyPath(folder)) {
            try checkUnused(folder)
            do { return try create(in: folder, name: name, now: now) } catch  where error.code == .conflict {}
        }
        guard !exists(certificatePath(folder)) else { return try load(from: folder) }
        let key = try SecretKey(pem: PrivateFile.read(keyPath(folder), limit: 16_384))
        return try certify(key, in: folder, name: name, now: now)
    }

    /// An ECDSA signature with SHA-256 over `bytes`, in DER; ``Certificate/verify(signature:of:)`` checks it.
    public func sign(_ bytes: [UInt8]) throws(KithError) -> [UInt8] {
        guard let signature = try privateKey.handle().signature(of: bytes) else {
            throw KithError(.internalError, "OpenSSL could not sign.")
        }
        return signature
    }

    private static func certify(
        _ key: SecretKey, in folder: String, name: PeerName, now: Date
    ) throws(KithError) -> Identity {
        let certificate = try Certificate.make(for: key, name: name, now: now)
        // Whoever comes second takes the first one's: both are of the same key.
        guard try DurableFile.create(certificatePath(folder), with: certificate.pem) else {
            return try load(from: folder)
        }
        return Identity(id: certificate.id, certificate: certificate, privateKey: key)
    }

    /// A key that is gone is not replaced unasked: peers know this node by it.
    private static func checkUnused(_ folder: String) throws(KithError) {
        let (certificate, book) = (certificatePath(folder), folder + "/trust.json")
        guard exists(certificate) || exists(book), !exists(keyPath(folder)) else { return }
        throw KithError(
            .storeDamaged, "The key of this node is gone: \(keyPath(folder)).",
            hint:
                "Restore it from a backup. To go on as a new node, which has to pair anew, move \(folder) away and run "
                + "`kith init`.")
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
    private static func keyPath(_ folder: String) -> String { folder + "/key.pem" }
    private static func certificatePath(_ folder: String) -> String { folder + "/certificate.pem" }
}

extension Identity: CustomStringConvertible {
    public var description: String { "Identity(\(id.short))" }
}
