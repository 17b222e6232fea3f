import COpenSSL

/// Owns one of OpenSSL's certificates for the length of a scope.
struct CertificateHandle: ~Copyable {
    let pointer: OpaquePointer

    /// Takes over what OpenSSL returned; nil if that was nothing.
    init?(owning pointer: OpaquePointer?) {
        guard let pointer else {
            ERR_clear_error()
            return nil
        }
        self.pointer = pointer
    }

    deinit { X509_free(pointer) }

    /// The certificate that is the whole of `der`; nil if there is less or more.
    init?(der: [UInt8]) {
        let certificate = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var position = buffer.baseAddress
            return d2i_X509(nil, &position, buffer.count)
        }
        // Written out again it must be the same bytes: nothing follows, and no second spelling.
        guard let certificate, Self.der(of: certificate) == der else {
            X509_free(certificate)
            ERR_clear_error()
            return nil
        }
        self.init(owning: certificate)
    }

    /// The certificate of a PEM text; nil if there is none.
    init?(pem: [UInt8]) {
        guard let source = BIO_new_mem_buf(pem, Int32(pem.count)) else { return nil }
        defer { BIO_free(source) }
        self.init(owning: PEM_read_bio_X509(source, nil, nil, nil))
    }

    /// Its bytes.
    var der: [UInt8] { Self.der(of: pointer) }

    private static func der(of pointer: OpaquePointer) -> [UInt8] {
        let count = i2d_X509(pointer, nil)
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        bytes.withUnsafeMutableBufferPointer { buffer in
            var position = buffer.baseAddress
            _ = i2d_X509(pointer, &position)
        }
        return bytes
    }

    /// Its text; empty if OpenSSL refuses.
    var pem: [UInt8] {
        guard let sink = BIO_new(BIO_s_mem()) else { return [] }
        defer { BIO_free(sink) }
        return PEM_write_bio_X509(sink, pointer) == 1 ? MemorySink.bytes(of: sink) : []
    }

    /// The SubjectPublicKeyInfo exactly as the certificate carries it.
    var publicKeyDER: [UInt8] {
        let key = X509_get_X509_PUBKEY(pointer)
        let count = i2d_X509_PUBKEY(key, nil)
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        bytes.withUnsafeMutableBufferPointer { buffer in
            var position = buffer.baseAddress
            _ = i2d_X509_PUBKEY(key, &position)
        }
        return bytes
    }

    /// Whether it shows the public half of `key`.
    func fits(_ key: borrowing KeyHandle) -> Bool {
        defer { ERR_clear_error() }
        return X509_check_private_key(pointer, key.pointer) == 1
    }

    /// Signs it with SHA-256; false if OpenSSL refuses.
    func sign(with key: borrowing KeyHandle) -> Bool { X509_sign(pointer, key.pointer, EVP_sha256()) > 0 }

    /// Version 3, and not allowed to sign others.
    var isLeaf: Bool { X509_get_version(pointer) == 2 && X509_check_ca(pointer) == 0 }

    /// Issuer and subject are one, and the signature (ECDSA with SHA-256) is its own.
    var isSelfSigned: Bool {
        defer { ERR_clear_error() }
        return X509_NAME_cmp(X509_get_subject_name(pointer), X509_get_issuer_name(pointer)) == 0
            && X509_get_signature_nid(pointer) == NID_ecdsa_with_SHA256
            && X509_verify(pointer, X509_get0_pubkey(pointer)) == 1
    }
}
