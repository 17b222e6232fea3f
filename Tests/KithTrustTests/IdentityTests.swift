import FoundationEssentials
import Glibc
import KithAPI
import KithDigest
import Testing

@testable import KithTrust

struct IdentityTests {
    private let now = Date(timeIntervalSince1970: 1_760_000_000)
    private let name = PeerName(nearest: "studio")

    @Test func `an identity is made once and loaded ever after`() async throws {
        try await withTemporaryFolder { folder in
            let made = try Identity.loadOrCreate(in: folder + "/identity", name: name, now: now)

            let loaded = try Identity.loadOrCreate(in: folder + "/identity", name: name, now: now)

            #expect(loaded.id == made.id)
            #expect(loaded.certificate == made.certificate)
            #expect(try Identity.load(from: folder + "/identity").id == made.id)
        }
    }

    @Test func `key, certificate and folder are closed to others, and nothing else is left`() async throws {
        try await withTemporaryFolder { folder in
            _ = try Identity.create(in: folder + "/identity", name: name, now: now)

            #expect(mode(of: folder + "/identity") == 0o700)
            #expect(mode(of: folder + "/identity/key.pem") == 0o600)
            #expect(mode(of: folder + "/identity/certificate.pem") == 0o600)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder + "/identity").sorted() == [
                    "certificate.pem", "key.pem",
                ])
        }
    }

    @Test func `a second identity does not overwrite the first`() async throws {
        try await withTemporaryFolder { folder in
            let first = try Identity.create(in: folder + "/identity", name: name, now: now)

            let error = #expect(throws: KithError.self) {
                try Identity.create(in: folder + "/identity", name: name, now: now)
            }

            #expect(error?.code == .conflict)
            #expect(try Identity.load(from: folder + "/identity").id == first.id)
        }
    }

    @Test(arguments: ["certificate.pem", "trust.json"])
    func `a key that has gone is not replaced where somebody knew it`(rest: String) async throws {
        try await withTemporaryFolder { folder in
            _ = try Identity.create(in: folder + "/identity", name: name, now: now)
            for file in ["certificate.pem", "trust.json", "key.pem"] where file != rest {
                try? FileManager.default.removeItem(atPath: folder + "/identity/" + file)
            }
            _ = FileManager.default.createFile(atPath: folder + "/identity/" + rest, contents: nil)

            let error = #expect(throws: KithError.self) {
                try Identity.loadOrCreate(in: folder + "/identity", name: name, now: now)
            }

            #expect(error?.code == .storeDamaged)
            #expect(!FileManager.default.fileExists(atPath: folder + "/identity/key.pem"))
        }
    }

    @Test func `eight who start at once get one identity`() async throws {
        try await withTemporaryFolder { folder in
            let ids = try await withThrowingTaskGroup(of: PeerID.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try Identity.loadOrCreate(in: folder + "/identity", name: PeerName(nearest: "studio"), now: now)
                            .id
                    }
                }
                return try await group.reduce(into: Set<PeerID>()) { $0.insert($1) }
            }

            #expect(ids.count == 1)
        }
    }

    @Test(arguments: [0o640, 0o604, 0o660] as [mode_t])
    func `a key that others can read is refused, with the command that helps`(mode: mode_t) async throws {
        try await withTemporaryFolder { folder in
            _ = try Identity.create(in: folder + "/identity", name: name, now: now)
            chmod(folder + "/identity/key.pem", mode)

            let error = #expect(throws: KithError.self) { try Identity.load(from: folder + "/identity") }

            #expect(error?.code == .denied)
            #expect(error?.hint == "chmod 600 \(folder)/identity/key.pem")
        }
    }

    @Test func `a folder that others can enter, or a link, is refused`() async throws {
        try await withTemporaryFolder { folder in
            _ = try Identity.create(in: folder + "/identity", name: name, now: now)
            symlink(folder + "/identity", folder + "/link")

            #expect(throws: KithError.self) { try Identity.load(from: folder + "/link") }
            chmod(folder + "/identity", 0o750)
            let error = #expect(throws: KithError.self) {
                try Identity.loadOrCreate(in: folder + "/identity", name: name, now: now)
            }
            #expect(error?.hint == "chmod 700 \(folder)/identity")
        }
    }

    @Test func `a key that is a link is refused`() async throws {
        try await withTemporaryFolder { folder in
            _ = try Identity.create(in: folder + "/identity", name: name, now: now)
            rename(folder + "/identity/key.pem", folder + "/key.pem")
            symlink(folder + "/key.pem", folder + "/identity/key.pem")

            #expect(throws: KithError.self) { try Identity.load(from: folder + "/identity") }
        }
    }

    @Test func `a crash between key and certificate costs nothing`() async throws {
        try await withTemporaryFolder { folder in
            let made = try Identity.create(in: folder + "/identity", name: name, now: now)
            unlink(folder + "/identity/certificate.pem")

            let again = try Identity.loadOrCreate(in: folder + "/identity", name: name, now: now)

            #expect(again.id == made.id)
            #expect(try Identity.load(from: folder + "/identity").certificate == again.certificate)
        }
    }

    @Test func `a certificate of another key is reported`() async throws {
        try await withTemporaryFolder { folder in
            _ = try Identity.create(in: folder + "/one", name: name, now: now)
            _ = try Identity.create(in: folder + "/other", name: name, now: now)
            rename(folder + "/other/certificate.pem", folder + "/one/certificate.pem")

            let error = #expect(throws: KithError.self) { try Identity.load(from: folder + "/one") }

            #expect(error?.code == .storeDamaged)
        }
    }

    @Test(arguments: ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
    func `a damaged key is reported, never replaced`(text: String) async throws {
        try await withTemporaryFolder { folder in
            _ = try Identity.create(in: folder + "/identity", name: name, now: now)
            writeFile(folder + "/identity/key.pem", Array(text.utf8))

            let error = #expect(throws: KithError.self) {
                try Identity.loadOrCreate(in: folder + "/identity", name: name, now: now)
            }

            #expect(error?.code == .storeDamaged)
            #expect(fileContents(folder + "/identity/key.pem") == Array(text.utf8))
        }
    }

    @Test func `the id is the hash of the public key`() async throws {
        try await withTemporaryFolder { folder in
            let identity = try Identity.create(in: folder + "/identity", name: name, now: now)
            let handle = try identity.privateKey.handle()

            #expect(identity.id.bytes == SHA256.hash(handle.publicDER))
        }
    }

    @Test func `a signature is verified by the certificate, and by no other, over nothing else`() async throws {
        try await withTemporaryFolder { folder in
            let one = try Identity.create(in: folder + "/one", name: name, now: now)
            let other = try Identity.create(in: folder + "/other", name: name, now: now)

            let signature = try one.sign(Array("checkpoint".utf8))

            #expect(one.certificate.verify(signature: signature, of: Array("checkpoint".utf8)))
            #expect(!one.certificate.verify(signature: signature, of: Array("checkpoints".utf8)))
            #expect(!other.certificate.verify(signature: signature, of: Array("checkpoint".utf8)))
            #expect(!one.certificate.verify(signature: [], of: Array("checkpoint".utf8)))
        }
    }

    @Test func `the private key is given as PEM, and does not print itself`() async throws {
        try await withTemporaryFolder { folder in
            let identity = try Identity.create(in: folder + "/identity", name: name, now: now)
            let pem = identity.privateKey.withPEM { String(decoding: $0, as: UTF8.self) }
            var dumped = ""
            dump(identity, to: &dumped)

            #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----"))
            #expect("\(identity.privateKey)" == "SecretKey(…)")
            #expect(String(reflecting: identity.privateKey) == "SecretKey(…)")
            #expect(dumped.contains("SecretKey(…)"))
            #expect(!dumped.contains("45, 45, 45"))
        }
    }
}
