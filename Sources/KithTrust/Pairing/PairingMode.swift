/// How the two sides convince each other. Always decided by local state, never by the peer.
public enum PairingMode: UInt8, Sendable, CaseIterable {
    /// Two people compare six digits.
    case sixDigits = 0
    /// A secret that travelled apart (a pair string) speaks for both; nobody is asked.
    case secret = 1
    /// Two people compare nine digits, because three codes were burnt within a day.
    ///
    /// Only an inviter says it, in its OFFER, to a joiner that greeted with ``sixDigits``.
    case nineDigits = 2

    /// How many digits people compare; 0 if nobody is asked.
    public var digits: Int {
        switch self {
        case .sixDigits: 6
        case .nineDigits: 9
        case .secret: 0
        }
    }

    /// How a joiner greets for this mode.
    var greeting: PairingMode { self == .secret ? .secret : .sixDigits }
}
