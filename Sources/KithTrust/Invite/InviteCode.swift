/// The eight letters, `XXXX-XXXX`, without which nobody can put a prompt before the inviter.
///
/// 40 bits against guessing over the network; the digits that people compare are the protection.
public struct InviteCode: Sendable {
    /// The eight letters in their one form, as the protocol uses them.
    let bytes: [UInt8]

    /// A new code.
    public static func random(using generator: inout some RandomNumberGenerator) -> InviteCode {
        InviteCode(letters: Crockford.random(8, using: &generator))
    }

    /// A new code from the kernel's randomness.
    public static func random() -> InviteCode {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// Reads what a person typed: case, spaces and dashes do not matter, O is 0, I and L are 1.
    public init?(_ text: String) {
        guard let letters = Crockford.letters(text, count: 8) else { return nil }
        bytes = letters
    }

    private init(letters: [UInt8]) { bytes = letters }

    /// For the screen: `XXXX-XXXX`.
    public var text: String {
        String(decoding: bytes.prefix(4), as: UTF8.self) + "-" + String(decoding: bytes.suffix(4), as: UTF8.self)
    }
}

extension InviteCode: Equatable {
    public static func == (one: InviteCode, other: InviteCode) -> Bool {
        ConstantTime.areEqual(one.bytes, other.bytes)
    }
}

extension InviteCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "InviteCode(…)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
