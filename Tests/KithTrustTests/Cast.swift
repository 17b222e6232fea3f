import KithAPI
import KithDigest

@testable import KithTrust

/// The parts that tests give to machines: two sides with made-up identities, an invite, a ticket.
enum Cast {
    static let studio = id("studio")
    static let laptop = id("laptop")
    static let mallory = id("mallory")
    static let code = InviteCode("7K3M-9QXZ")
    static let secret = PairingSecret("0123456789ABCDEFGHJKMNPQRS")

    static func id(_ word: String) -> PeerID {
        guard let id = PeerID(bytes: SHA256.hash(Array(word.utf8))) else { preconditionFailure("32 bytes") }
        return id
    }

    static func meta(_ id: PeerID, _ name: String, asks: [String] = ["observe", "message"], port: Int = 5484)
        -> PairingMeta
    {
        guard let meta = PairingMeta(id: id, name: PeerName(nearest: name), asks: asks, port: port) else {
            preconditionFailure("valid parts")
        }
        return meta
    }

    static func proof(_ mode: PairingMode) -> InviteProof {
        guard let code, let secret else { preconditionFailure("valid letters") }
        return mode == .secret ? .secret(secret) : .code(code)
    }

    static func invite(_ mode: PairingMode = .sixDigits) -> Invite {
        Invite(number: 1, proof: proof(mode), mode: mode, grants: nil, expiresAt: .seconds(300))
    }

    static func ticket(
        _ mode: PairingMode = .sixDigits, inviter: PeerID? = nil, suite: PairingSuite = .x25519
    ) -> PairingTicket {
        guard let code, let secret, let place = Address("studio.local"),
            let string = PairString(inviter: inviter ?? studio, secret: secret, addresses: [place], expiresAt: nil)
        else { preconditionFailure("valid parts") }
        return mode == .secret
            ? PairingTicket(string, suite: suite) : PairingTicket(code: code, inviter: inviter, suite: suite)
    }

    static func secrets(_ seed: UInt64) -> PairingSecrets {
        var generator = SeededGenerator(seed)
        let made = try? PairingSecrets(
            privateKey: generator.bytes(32), nonce: generator.bytes(32), session: generator.bytes(16))
        guard let made else { preconditionFailure("right lengths") }
        return made
    }

    static func inviter(
        _ mode: PairingMode = .sixDigits, own: PeerID = studio, peer: PeerID = laptop, seed: UInt64 = 1
    ) -> InviterMachine {
        InviterMachine(own: meta(own, "studio"), peer: peer, invite: invite(mode), secrets: secrets(seed))
    }

    static func joiner(
        _ ticket: PairingTicket = Cast.ticket(), own: PeerID = laptop, peer: PeerID = studio, seed: UInt64 = 2
    ) -> JoinerMachine {
        JoinerMachine(own: meta(own, "laptop"), peer: peer, ticket: ticket, secrets: secrets(seed))
    }

    static func duet(_ mode: PairingMode = .sixDigits, suite: PairingSuite = .x25519, seed: UInt64 = 0) -> Duet {
        Duet(inviter(mode, seed: seed * 2 + 1), joiner(ticket(mode, suite: suite), seed: seed * 2 + 2))
    }
}
