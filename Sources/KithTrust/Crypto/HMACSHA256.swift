import COpenSSL

/// HMAC with SHA-256 (RFC 2104), by the system's OpenSSL.
enum HMACSHA256 {
    /// The 32 bytes that only holders of `key` can compute for `message`.
    static func code(key: [UInt8], message: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, nil)
        return code
    }
}
