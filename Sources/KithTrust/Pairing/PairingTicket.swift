public import KithAPI

/// What a joiner was given to pair with.
public struct PairingTicket: Sendable {
    /// The code that the person typed, or the secret of a pair string.
    public let proof: InviteProof
    /// The only inviter that is accepted; nil if the digits are to decide.
    public let inviter: PeerID?
    /// The curve of the ephemeral keys.
    public let suite: PairingSuite

    /// A ticket with an invite code; `inviter` where the caller knows whom to expect.
    public init(code: InviteCode, inviter: PeerID? = nil, suite: PairingSuite = .x25519) {
        proof = .code(code)
        self.inviter = inviter
        self.suite = suite
    }

    /// A ticket with a pair string: only the inviter that it names is accepted.
    public init(_ string: PairString, suite: PairingSuite = .x25519) {
        proof = .secret(string.secret)
        inviter = string.inviter
        self.suite = suite
    }
}
