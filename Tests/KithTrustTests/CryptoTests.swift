import KithDigest
import Testing

@testable import KithTrust

struct CryptoTests {
    @Test func `HMAC gives what RFC 4231 says`() {
        let code = HMACSHA256.code(key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8))

        #expect(code.hexadecimal == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func `HKDF gives what RFC 5869 says`() {
        let salt = [UInt8](0...0x0C)
        let info = [UInt8](0xF0...0xF9)

        let key = HKDF.extract(salt: salt, secret: .init(repeating: 0x0B, count: 22))

        #expect(key.hexadecimal == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
        #expect(
            HKDF.expand(key, info: info, count: 42).hexadecimal
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    }

    @Test func `X25519 gives what RFC 7748 says`() throws {
        let scalar = try #require(
            [UInt8](hexadecimal: "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"))
        let point = try #require(
            [UInt8](hexadecimal: "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))

        let secret = try #require(EphemeralKey(.x25519, privateBytes: scalar)).sharedSecret(with: point)

        #expect(secret?.hexadecimal == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
    }

    @Test(arguments: PairingSuite.allCases)
    func `both sides compute one secret`(suite: PairingSuite) throws {
        let one = try #require(EphemeralKey(suite, privateBytes: SHA256.hash([1])))
        let other = try #require(EphemeralKey(suite, privateBytes: SHA256.hash([2])))

        #expect(one.sharedSecret(with: other.publicBytes) != nil)
        #expect(one.sharedSecret(with: other.publicBytes) == other.sharedSecret(with: one.publicBytes))
        #expect(one.publicBytes.count == suite.publicKeyBytes)
    }

    @Test func `points of small order are refused`() throws {
        let key = try #require(EphemeralKey(.x25519, privateBytes: SHA256.hash([1])))
        for point in ["00", "01"] {
            #expect(
                key.sharedSecret(with: [UInt8](hexadecimal: point + String(repeating: "00", count: 31)) ?? []) == nil)
        }
    }

    @Test func `points off the curve, and other spellings of a point, are refused`() throws {
        let key = try #require(EphemeralKey(.p256, privateBytes: SHA256.hash([1])))
        let good = try #require(EphemeralKey(.p256, privateBytes: SHA256.hash([2]))).publicBytes
        var off = good
        off[64] ^= 1
        let hybrid = [6 + good[64] & 1] + good.dropFirst()
        let compressed = [2 + good[64] & 1] + good[1...32]

        #expect(key.sharedSecret(with: good) != nil)
        #expect(key.sharedSecret(with: off) == nil)
        #expect(key.sharedSecret(with: hybrid) == nil)
        #expect(key.sharedSecret(with: compressed) == nil)
        #expect(key.sharedSecret(with: []) == nil)
    }

    @Test func `a scalar outside of the group is no key`() {
        #expect(EphemeralKey(.p256, privateBytes: .init(repeating: 0, count: 32)) == nil)
        #expect(EphemeralKey(.p256, privateBytes: .init(repeating: 0xFF, count: 32)) == nil)
        #expect(EphemeralKey(.x25519, privateBytes: [1]) == nil)
    }

    @Test func `equal is equal, and nothing else`() {
        #expect(ConstantTime.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(ConstantTime.areEqual([], []))
        #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2]))
    }
}
