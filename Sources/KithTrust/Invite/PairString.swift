public import FoundationEssentials
public import KithAPI

/// Everything that a machine needs to pair without a person:
/// `kith1:<id of the inviter>:<secret>:<addresses>?e=<end>`.
///
/// The addresses stand between commas; the end is in seconds since 1970. Whoever reads it can pair
/// once, so it does not print itself: ``text`` is for the file or the screen that it was made for.
public struct PairString: Sendable, Equatable {
    /// The only machine that it pairs with.
    public let inviter: PeerID
    /// What proves the invitation.
    public let secret: PairingSecret
    /// Where the inviter may be reached, 1–8.
    public let addresses: [Address]
    /// When the invite ends, in whole seconds; nil if the string does not say.
    public let expiresAt: Date?

    /// The most bytes that a pair string can have.
    public static let maximumBytes = 2_600

    /// A string from its parts; nil unless there are 1–8 addresses.
    public init?(inviter: PeerID, secret: PairingSecret, addresses: [Address], expiresAt: Date?) {
        guard (1...8).contains(addresses.count) else { return nil }
        self.inviter = inviter
        self.secret = secret
        self.addresses = addresses
        self.expiresAt = expiresAt.map { Date(timeIntervalSince1970: $0.timeIntervalSince1970.rounded(.down)) }
    }

    /// Reads a pair string; nil if it is not one.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes else { return nil }
        let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "kith1",
            let inviter = PeerID(String(parts[1])), let secret = PairingSecret(String(parts[2])),
            halves.count == 1 || Self.end(halves[1]) != nil
        else { return nil }
        let words = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        let addresses = words.compactMap { Address(String($0)) }
        guard addresses.count == words.count else { return nil }
        self.init(
            inviter: inviter, secret: secret, addresses: addresses,
            expiresAt: halves.count == 1 ? nil : Self.end(halves[1]))
    }

    /// The whole string, secret included.
    public var text: String {
        let places = addresses.map(\.description).joined(separator: ",")
        let end = expiresAt.map { "?e=\(Int64($0.timeIntervalSince1970))" } ?? ""
        return "kith1:\(inviter.text):\(secret.text):\(places)\(end)"
    }

    /// The date after the question mark; nil if there is anything else.
    private static func end(_ query: Substring) -> Date? {
        guard query.hasPrefix("e="), let seconds = UInt32(query.dropFirst(2)) else { return nil }
        return Date(timeIntervalSince1970: Double(seconds))
    }
}

extension PairString: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "PairString(…)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
