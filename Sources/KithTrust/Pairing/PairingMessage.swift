/// The messages of `kith-pair/1`, read and written field by field.
///
/// A message is its type byte and its body; the transcript covers exactly these bytes.
enum PairingMessage: Equatable {
    case hello(PairingHello)
    case offer(PairingOffer)
    case open(PairingOpen)
    case joinerOK(mac: [UInt8])
    case inviterOK(mac: [UInt8])
    case done(mac: [UInt8])
    case abort(PairingAbort)

    /// The type byte.
    enum Kind: UInt8, CaseIterable {
        case hello = 1
        case offer, open, joinerOK, inviterOK, done, abort
    }

    /// Type byte and body.
    var encoded: [UInt8] {
        switch self {
        case .hello(let hello): hello.encoded
        case .offer(let offer): offer.encoded
        case .open(let open): open.encoded
        case .joinerOK(let mac): [Kind.joinerOK.rawValue] + mac
        case .inviterOK(let mac): [Kind.inviterOK.rawValue] + mac
        case .done(let mac): [Kind.done.rawValue] + mac
        case .abort(let reason): [Kind.abort.rawValue, reason.rawValue]
        }
    }

    /// Reads a whole message; nil if anything is missing, too much, or out of range.
    ///
    /// `suite` is the one agreed upon: it says how long the key in an OPEN is.
    init?(_ bytes: [UInt8], suite: PairingSuite) {
        var reader = ByteReader(bytes)
        guard let kind = reader.byte().flatMap(Kind.init),
            let message = Self.read(kind, suite: suite, from: &reader),
            reader.isAtEnd
        else { return nil }
        self = message
    }

    private static func read(
        _ kind: Kind, suite: PairingSuite, from reader: inout ByteReader
    ) -> PairingMessage? {
        switch kind {
        case .hello: PairingHello(from: &reader).map(PairingMessage.hello)
        case .offer: PairingOffer(from: &reader).map(PairingMessage.offer)
        case .open: PairingOpen(suite: suite, from: &reader).map(PairingMessage.open)
        case .joinerOK: reader.take(32).map(PairingMessage.joinerOK)
        case .inviterOK: reader.take(32).map(PairingMessage.inviterOK)
        case .done: reader.take(32).map(PairingMessage.done)
        case .abort: reader.byte().map { .abort(PairingAbort(rawValue: $0) ?? .unknown) }
        }
    }
}
