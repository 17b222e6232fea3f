import FoundationEssentials
import KithAPI
import KithDigest
import Testing

@testable import KithTrust

struct CertificateTests {
    /// Made once with `openssl req -x509`; see each title.
    private static func sample(_ name: String) -> [UInt8] {
        let here = URL(filePath: #filePath).deletingLastPathComponent().path
        return fileContents("\(here)/certificates/\(name).der")
    }

    private func made() async throws -> Certificate {
        try await withTemporaryFolder { folder in
            let now = Date(timeIntervalSince1970: 1_760_000_000)
            return try Identity.create(in: folder + "/identity", name: PeerName(nearest: "studio"), now: now)
                .certificate
        }
    }

    @Test func `our own certificate is one that we accept`() async throws {
        let certificate = try await made()

        #expect(try Certificate(der: certificate.der) == certificate)
        #expect(certificate.pem.starts(with: Array("-----BEGIN CERTIFICATE-----".utf8)))
    }

    @Test func `a good certificate of another maker is accepted`() throws {
        #expect(try Certificate(der: Self.sample("good")).id.text.count == 52)
    }

    @Test(arguments: [
        "authority", "rsa", "ed25519", "p384", "signed-by-another", "explicit-curve", "compressed-point", "sha1",
    ])
    func `a certificate of another kind is refused`(kind: String) throws {
        let der = Self.sample(kind)
        #expect(!der.isEmpty)

        let error = #expect(throws: KithError.self) { try Certificate(der: der) }

        #expect(error?.code == .denied)
    }

    @Test func `a certificate with anything after it is refused`() async throws {
        let certificate = try await made()

        #expect(throws: KithError.self) { try Certificate(der: certificate.der + [0]) }
        #expect(throws: KithError.self) { try Certificate(der: certificate.der + certificate.der) }
    }

    @Test func `a certificate cut short anywhere, or changed in any byte, is refused`() async throws {
        let certificate = try await made()
        for index in certificate.der.indices {
            var changed = certificate.der
            changed[index] ^= 1
            #expect(throws: KithError.self) { try Certificate(der: changed) }
            #expect(throws: KithError.self) { try Certificate(der: Array(certificate.der.prefix(index))) }
        }
    }
}
