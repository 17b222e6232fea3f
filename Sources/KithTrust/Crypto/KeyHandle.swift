import COpenSSL
import KithAPI

/// Owns one of OpenSSL's keys, private or public, for the length of a scope.
struct KeyHandle: ~Copyable {
    let pointer: OpaquePointer

    /// Takes over what OpenSSL returned; nil if that was nothing.
    init?(owning pointer: OpaquePointer?) {
        guard let pointer else {
            ERR_clear_error()
            return nil
        }
        self.pointer = pointer
    }

    deinit { EVP_PKEY_free(pointer) }

    /// The key of a SubjectPublicKeyInfo in DER; nil unless it is exactly that, and on its curve.
    init?(publicDER bytes: [UInt8]) {
        let key = bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            guard let start = buffer.baseAddress else { return nil }
            var position: UnsafePointer<UInt8>? = start
            let key = d2i_PUBKEY(nil, &position, buffer.count)
            guard position == start + buffer.count else {
                EVP_PKEY_free(key)
                return nil
            }
            return key
        }
        self.init(owning: key)
    }

    /// The SubjectPublicKeyInfo in DER; empty if the key has none.
    var publicDER: [UInt8] {
        let count = i2d_PUBKEY(pointer, nil)
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        bytes.withUnsafeMutableBufferPointer { buffer in
            var position = buffer.baseAddress
            _ = i2d_PUBKEY(pointer, &position)
        }
        return bytes
    }

    /// What both holders of a private half compute from the other's public half.
    func sharedSecret(with peer: borrowing KeyHandle) -> [UInt8]? {
        guard let context = EVP_PKEY_CTX_new(pointer, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var secret = [UInt8](repeating: 0, count: 32)
        var count = secret.count
        guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, peer.pointer) == 1,
            EVP_PKEY_derive(context, &secret, &count) == 1, count == secret.count
        else {
            ERR_clear_error()
            return nil
        }
        return secret
    }
}
