/// The 130 bits of a pair string: 26 letters that must travel where nobody else reads.
public struct PairingSecret: Sendable {
    /// The letters in their one form, as the protocol uses them.
    let bytes: [UInt8]

    /// A new secret.
    public static func random(using generator: inout some RandomNumberGenerator) -> PairingSecret {
        PairingSecret(letters: Crockford.random(26, using: &generator))
    }

    /// A new secret from the kernel's randomness.
    public static func random() -> PairingSecret {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// Reads 26 letters as tolerantly as an ``InviteCode``.
    public init?(_ text: String) {
        guard let letters = Crockford.letters(text, count: 26) else { return nil }
        bytes = letters
    }

    private init(letters: [UInt8]) { bytes = letters }

    /// The letters, for a ``PairString`` and nothing else.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension PairingSecret: Equatable {
    public static func == (one: PairingSecret, other: PairingSecret) -> Bool {
        ConstantTime.areEqual(one.bytes, other.bytes)
    }
}

extension PairingSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "PairingSecret(…)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
