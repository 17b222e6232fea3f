import KithAPI
import KithDigest

/// Everything that `kith-pair/1` derives from what was said: the commitment, and after M3 the keys.
struct PairingTranscript: Equatable {
    /// TH: the hash of both identities and all three messages.
    let hash: [UInt8]
    /// PRK: the secret of the exchange, concentrated.
    let key: [UInt8]

    /// The exchange as both sides must have seen it.
    struct Exchange {
        var inviter: PeerID
        var joiner: PeerID
        var hello: PairingHello
        var offer: PairingOffer
        var open: PairingOpen
    }

    /// `secret` is the Diffie-Hellman result; `shared` the pair string's secret, if there is one.
    init(_ exchange: Exchange, secret: [UInt8], shared: [UInt8]?) {
        let covered =
            Self.label("th") + LengthPrefix.encode(exchange.inviter.bytes) + LengthPrefix.encode(exchange.joiner.bytes)
            + LengthPrefix.encode(exchange.hello.encoded) + LengthPrefix.encode(exchange.offer.encoded)
            + LengthPrefix.encode(exchange.open.bound)
        let salt = Self.label("salt") + [exchange.offer.mode.rawValue] + LengthPrefix.encode(shared ?? [])
        hash = SHA256.hash(covered)
        key = HKDF.extract(salt: SHA256.hash(salt), secret: secret)
    }

    /// c_J: what the joiner binds itself to before it has seen anything of the inviter.
    static func commitment(of joiner: PeerID, hello: PairingHello, open: PairingOpen) -> [UInt8] {
        SHA256.hash(
            label("commit") + LengthPrefix.encode(joiner.bytes) + LengthPrefix.encode(hello.session)
                + LengthPrefix.encode([hello.suite.rawValue, hello.mode.rawValue])
                + LengthPrefix.encode(open.publicKey) + LengthPrefix.encode(open.nonce)
                + LengthPrefix.encode(open.meta.encoded))
    }

    /// The short code that both people see.
    func shortCode(digits: Int) -> ShortCode {
        ShortCode(number: expand("sas", count: 8).reduce(0) { $0 << 8 | UInt64($1) }, digits: digits)
    }

    /// The proof that the joiner was given `code`.
    func codeMAC(_ code: [UInt8]) -> [UInt8] {
        HMACSHA256.code(key: expand("code", count: 32), message: code)
    }

    /// The proof that the person at `role` said yes.
    func okMAC(_ role: PairingRole) -> [UInt8] {
        HMACSHA256.code(key: expand("confirm \(role.rawValue)", count: 32), message: Array("ok".utf8) + hash)
    }

    /// The proof that `role` has stored its pin.
    func doneMAC(_ role: PairingRole) -> [UInt8] {
        HMACSHA256.code(key: expand("confirm \(role.rawValue)", count: 32), message: Array("done".utf8) + hash)
    }

    private func expand(_ purpose: String, count: Int) -> [UInt8] {
        HKDF.expand(key, info: Self.label(purpose) + hash, count: count)
    }

    private static func label(_ purpose: String) -> [UInt8] { Array("kith-pair/1 \(purpose)".utf8) + [0] }
}
