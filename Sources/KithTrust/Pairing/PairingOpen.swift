/// M3: the joiner opens its commitment, and proves that it was given the code.
struct PairingOpen: Equatable {
    var publicKey: [UInt8]
    var nonce: [UInt8]
    var meta: PairingMeta
    var codeMAC: [UInt8]

    /// What the transcript covers: all but the proof of the code.
    var bound: [UInt8] {
        [PairingMessage.Kind.open.rawValue] + publicKey + nonce + meta.encoded
    }

    var encoded: [UInt8] { bound + codeMAC }
}

extension PairingOpen {
    init?(suite: PairingSuite, from reader: inout ByteReader) {
        guard let publicKey = reader.take(suite.publicKeyBytes), let nonce = reader.take(32),
            let meta = PairingMeta(from: &reader), let codeMAC = reader.take(32)
        else { return nil }
        self.init(publicKey: publicKey, nonce: nonce, meta: meta, codeMAC: codeMAC)
    }
}
