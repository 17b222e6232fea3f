import COpenSSL
import FoundationEssentials
import KithAPI

extension Certificate {
    /// Makes the certificate of a node, valid from an hour ago for twenty years.
    ///
    /// There is no KeyUsage on purpose: BoringSSL refuses a self-signed certificate with
    /// digitalSignature alone as its own anchor.
    static func make(for key: SecretKey, name: PeerName, now: Date) throws(KithError) -> Certificate {
        let handle = try key.handle()
        guard let draft = CertificateHandle(owning: X509_new()),
            fill(draft, key: handle, name: name, now: now),
            extend(draft, name: name),
            draft.sign(with: handle)
        else { throw KithError(.internalError, "OpenSSL could not make the certificate.") }
        return try Certificate(der: draft.der)
    }

    private static func fill(
        _ draft: borrowing CertificateHandle, key: borrowing KeyHandle, name: PeerName, now: Date
    ) -> Bool {
        let subject = X509_get_subject_name(draft.pointer)
        let text = Array(name.text.utf8)
        return X509_set_version(draft.pointer, 2) == 1
            && setSerial(of: draft)
            && setValidity(of: draft, now: now)
            && X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, text, Int32(text.count), -1, 0) == 1
            && X509_set_issuer_name(draft.pointer, subject) == 1
            && X509_set_pubkey(draft.pointer, key.pointer) == 1
    }

    private static func setSerial(of draft: borrowing CertificateHandle) -> Bool {
        var bytes = RandomBytes.make(16)
        bytes[0] = bytes[0] & 0x7F | 0x40
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { return false }
        defer { BN_free(number) }
        return BN_to_ASN1_INTEGER(number, X509_get_serialNumber(draft.pointer)) != nil
    }

    private static func setValidity(of draft: borrowing CertificateHandle, now: Date) -> Bool {
        let seconds = time_t(now.timeIntervalSince1970)
        return ASN1_TIME_adj(X509_getm_notBefore(draft.pointer), seconds, 0, -3_600) != nil
            && ASN1_TIME_adj(X509_getm_notAfter(draft.pointer), seconds, 7_305, 0) != nil
    }

    private static func extend(_ draft: borrowing CertificateHandle, name: PeerName) -> Bool {
        // PeerName has neither comma nor colon, so it cannot add an extension of its own.
        let extensions: [(Int32, String)] = [
            (NID_basic_constraints, "critical,CA:FALSE"),
            (NID_ext_key_usage, "serverAuth,clientAuth"),
            (NID_subject_alt_name, "DNS:\(name.text)"),
        ]
        return extensions.allSatisfy { number, value in
            guard let made = X509V3_EXT_conf_nid(nil, nil, number, value) else { return false }
            defer { X509_EXTENSION_free(made) }
            return X509_add_ext(draft.pointer, made, -1) == 1
        }
    }
}
