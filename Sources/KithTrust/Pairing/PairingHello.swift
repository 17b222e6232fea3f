/// M1: the joiner commits itself to a key and a nonce that nobody has seen.
struct PairingHello: Equatable {
    var suite: PairingSuite
    var mode: PairingMode
    var session: [UInt8]
    var commitment: [UInt8]

    /// The version of the pairing protocol.
    static let version: UInt8 = 1

    var encoded: [UInt8] {
        [PairingMessage.Kind.hello.rawValue, Self.version, suite.rawValue, mode.rawValue] + session + commitment
    }
}

extension PairingHello {
    init?(from reader: inout ByteReader) {
        guard reader.byte() == Self.version, let suite = reader.byte().flatMap(PairingSuite.init),
            let mode = reader.byte().flatMap(PairingMode.init),
            let session = reader.take(16), let commitment = reader.take(32)
        else { return nil }
        self.init(suite: suite, mode: mode, session: session, commitment: commitment)
    }
}
