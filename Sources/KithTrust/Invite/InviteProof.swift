/// What shows that a joiner was invited.
public enum InviteProof: Sendable, Equatable {
    /// A code that people tell each other; it keeps strangers from asking, no more.
    case code(InviteCode)
    /// A secret that speaks for both people.
    case secret(PairingSecret)

    /// What the proof in M3 is computed over.
    var bytes: [UInt8] {
        switch self {
        case .code(let code): code.bytes
        case .secret(let secret): secret.bytes
        }
    }

    /// What goes into the key of the exchange: only a real secret.
    var shared: [UInt8]? {
        guard case .secret(let secret) = self else { return nil }
        return secret.bytes
    }

    /// How a joiner with this proof greets.
    var greeting: PairingMode { shared == nil ? .sixDigits : .secret }
}
