import COpenSSL

/// SHA-256 (FIPS 180-4) over bytes that come in pieces, by the system's OpenSSL.
///
/// A reference type because it owns OpenSSL's context; one task at a time.
public final class SHA256 {
    /// Bytes of a hash.
    static let size = 32

    private let context: OpaquePointer?

    /// A hash of nothing yet.
    public init() {
        context = EVP_MD_CTX_new()
        EVP_DigestInit_ex(context, kith_sha256(), nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes the next piece.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// Takes the next piece.
    public func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The 32 bytes of the hash; afterwards the object takes no more.
    public func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.size)
        EVP_DigestFinal_ex(context, &digest, nil)
        return digest
    }

    /// Begins again, after ``finish()``.
    func restart() { EVP_DigestInit_ex(context, nil, nil) }

    /// The hash of `bytes` in one piece.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        let sha = SHA256()
        sha.update(bytes)
        return sha.finish()
    }
}

extension [UInt8] {
    /// The bytes in lower-case hexadecimal.
    public var hexadecimal: String {
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The bytes that `text` says in hexadecimal; nil if it does not.
    public init?(hexadecimal text: String) {
        let letters = Array<UInt8>(text.utf8)
        guard letters.count.isMultiple(of: 2) else { return nil }
        self = []
        for start in stride(from: 0, to: letters.count, by: 2) {
            guard let byte = UInt8(String(decoding: letters[start..<start + 2], as: UTF8.self), radix: 16) else {
                return nil
            }
            append(byte)
        }
    }
}
