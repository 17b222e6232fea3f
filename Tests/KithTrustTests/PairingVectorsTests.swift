import FoundationEssentials
import KithAPI
import KithDigest
import Testing

@testable import KithTrust

/// What `pairing/vectors.py` computed, without any of our code.
struct Vector: Codable, Sendable, CustomTestStringConvertible {
    struct Side: Codable, Sendable {
        var identityKey, id, name, privateKey, nonce, session: String
        var asks: [String]
        var port: Int
    }

    struct Expected: Codable, Sendable {
        var commitment, ecdh, th, prk, sas, codeMAC, hello, offer, open: String
        var joinerOK, inviterOK, joinerDone, inviterDone: String
    }

    var title, proof: String
    var suite, mode: UInt8
    var inviter, joiner: Side
    var expected: Expected

    var testDescription: String { title }

    static let all: [Vector] = ["sas", "psk", "nine-digits"].flatMap { name -> [Vector] in
        let here = URL(filePath: #filePath).deletingLastPathComponent().path
        let bytes = fileContents("\(here)/pairing/\(name).json")
        return (try? JSONDecoder().decode([Vector].self, from: Data(bytes))) ?? []
    }
}

extension Vector.Side {
    var meta: PairingMeta? {
        guard let id = PeerID(id), let name = PeerName(name) else { return nil }
        return PairingMeta(id: id, name: name, asks: asks, port: port)
    }

    func secrets() throws -> PairingSecrets {
        try PairingSecrets(
            privateKey: [UInt8](hexadecimal: privateKey) ?? [], nonce: [UInt8](hexadecimal: nonce) ?? [],
            session: [UInt8](hexadecimal: session) ?? [])
    }
}

struct PairingVectorsTests {
    @Test func `the vectors are there`() {
        #expect(Vector.all.map(\.title) == ["sas x25519", "sas p256", "psk x25519", "psk p256", "nine digits"])
    }

    @Test(arguments: Vector.all)
    func `both machines say exactly what the script computed`(vector: Vector) throws {
        let mode = try #require(PairingMode(rawValue: vector.mode))
        let suite = try #require(PairingSuite(rawValue: vector.suite))
        let inviter = try #require(vector.inviter.meta)
        let joiner = try #require(vector.joiner.meta)
        #expect(Cast.proof(mode).bytes == Array(vector.proof.utf8))
        var duet = Duet(
            InviterMachine(
                own: inviter, peer: joiner.id, invite: Cast.invite(mode), secrets: try vector.inviter.secrets()),
            JoinerMachine(
                own: joiner, peer: inviter.id, ticket: Cast.ticket(mode, inviter: inviter.id, suite: suite),
                secrets: try vector.joiner.secrets()))

        duet.run()

        let expected = vector.expected
        #expect(
            duet.sent[.joiner]?.map(\.hexadecimal) == [
                expected.hello, expected.open, expected.joinerOK, expected.joinerDone,
            ])
        #expect(duet.sent[.inviter]?.map(\.hexadecimal) == [expected.offer, expected.inviterOK, expected.inviterDone])
        #expect((duet.shown?.text ?? "") == expected.sas)
        #expect(duet.ends[.inviter]?.outcome == .paired(isConfirmed: true))
        #expect(duet.ends[.joiner]?.outcome == .paired(isConfirmed: true))
    }

    @Test(arguments: Vector.all)
    func `every value in between is the script's`(vector: Vector) throws {
        let suite = try #require(PairingSuite(rawValue: vector.suite))
        let hello = try message(vector.expected.hello, suite)
        let offer = try message(vector.expected.offer, suite)
        let open = try message(vector.expected.open, suite)
        guard case .hello(let hello) = hello, case .offer(let offer) = offer, case .open(let open) = open else {
            Issue.record("the messages are of other kinds")
            return
        }
        let inviter = try #require(PeerID(vector.inviter.id))
        let joiner = try #require(PeerID(vector.joiner.id))
        let key = try #require(EphemeralKey(suite, privateBytes: [UInt8](hexadecimal: vector.inviter.privateKey) ?? []))
        let secret = try #require(key.sharedSecret(with: open.publicKey))
        let transcript = PairingTranscript(
            .init(inviter: inviter, joiner: joiner, hello: hello, offer: offer, open: open), secret: secret,
            shared: offer.mode == .secret ? Array(vector.proof.utf8) : nil)

        #expect(hello.commitment.hexadecimal == vector.expected.commitment)
        #expect(secret.hexadecimal == vector.expected.ecdh)
        #expect(transcript.hash.hexadecimal == vector.expected.th)
        #expect(transcript.key.hexadecimal == vector.expected.prk)
        #expect(open.codeMAC.hexadecimal == vector.expected.codeMAC)
    }

    private func message(_ text: String, _ suite: PairingSuite) throws -> PairingMessage {
        let bytes = try #require([UInt8](hexadecimal: text))
        return try #require(PairingMessage(Array(bytes.dropFirst(2)), suite: suite))
    }
}
