/// M2: the inviter shows its key and its nonce.
struct PairingOffer: Equatable {
    var suite: PairingSuite
    var mode: PairingMode
    var session: [UInt8]
    var publicKey: [UInt8]
    var nonce: [UInt8]
    var meta: PairingMeta

    var encoded: [UInt8] {
        [PairingMessage.Kind.offer.rawValue, PairingHello.version, suite.rawValue, mode.rawValue]
            + session + publicKey + nonce + meta.encoded
    }
}

extension PairingOffer {
    init?(from reader: inout ByteReader) {
        guard reader.byte() == PairingHello.version, let suite = reader.byte().flatMap(PairingSuite.init),
            let mode = reader.byte().flatMap(PairingMode.init),
            let session = reader.take(16), let publicKey = reader.take(suite.publicKeyBytes),
            let nonce = reader.take(32), let meta = PairingMeta(from: &reader)
        else { return nil }
        self.init(suite: suite, mode: mode, session: session, publicKey: publicKey, nonce: nonce, meta: meta)
    }
}
