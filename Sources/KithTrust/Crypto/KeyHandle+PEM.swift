import COpenSSL

extension KeyHandle {
    /// The private key of a PEM text without a passphrase; nil if it is not one.
    init?(privatePEM text: [UInt8]) {
        guard let source = BIO_new_mem_buf(text, Int32(text.count)) else { return nil }
        defer { BIO_free(source) }
        // An empty passphrase instead of none: OpenSSL would ask for it on the terminal.
        var passphrase: CChar = 0
        self.init(owning: PEM_read_bio_PrivateKey(source, nil, nil, &passphrase))
    }

    /// The private key as PEM (PKCS #8); nil if OpenSSL refuses.
    var privatePEM: [UInt8]? {
        guard let sink = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(sink) }
        guard PEM_write_bio_PrivateKey(sink, pointer, nil, nil, 0, nil, nil) == 1 else { return nil }
        return MemorySink.bytes(of: sink)
    }
}

/// Reads back what OpenSSL wrote to memory.
enum MemorySink {
    static func bytes(of sink: OpaquePointer) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(sink))
        let count = BIO_read(sink, &bytes, Int32(bytes.count))
        return Array(bytes.prefix(max(0, Int(count))))
    }
}
