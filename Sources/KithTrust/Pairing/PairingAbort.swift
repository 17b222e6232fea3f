public import KithAPI

/// Why a pairing ended without a pin. The byte is what goes over the wire.
public enum PairingAbort: UInt8, Sendable, CaseIterable {
    /// The peer gave a reason that this version does not know.
    case unknown = 0
    /// A message was malformed, too long, repeated, or out of order.
    case protocolViolation
    /// The other side wants a suite or a mode that does not fit this invite.
    case modeRefused
    /// Another session is using the invite, or a wrong code made it pause.
    case busy
    /// No invite is open, or it has been used or burnt.
    case closed
    /// The invite code, or the secret, was not ours.
    case codeWrong
    /// The joiner's key is not the one it committed itself to.
    case commitmentWrong
    /// The identity in the message, or the expected one, is not the one of the TLS session.
    case identityWrong
    /// The ephemeral key is off its curve, or gives nothing secret.
    case keyWrong
    /// The person at that side said no.
    case refused
    /// The digits that were typed are not the ones shown.
    case mismatch
    /// The proof that the other side agreed to the same does not fit.
    case macWrong
    /// Nothing came in time.
    case timedOut
    /// The pin could not be stored there.
    case storeFailed
    /// The connection ended. Never sent.
    case disconnected
}

extension PairingAbort {
    /// The reason as an error for people; `byPeer` says which side gave it.
    public func error(byPeer: Bool) -> KithError {
        let explanation = explanation
        let place = byPeer ? "The other side" : "This side"
        return KithError(explanation.code, "\(place) ended the pairing: \(explanation.why).", hint: explanation.hint)
    }

    private var explanation: (code: ErrorCode, why: String, hint: String) {
        switch self {
        case .unknown, .protocolViolation:
            (.protocolViolation, "a message did not fit", "Do both run the same version?")
        case .modeRefused:
            (.pairingRefused, "the invite is of another kind", "Use the code, or the string, that `kith pair` printed.")
        case .busy:
            (
                .pairingBusy, "another machine uses the invite, or a wrong code made it pause",
                "Try again in a few seconds."
            )
        case .closed:
            (.pairingClosed, "no invite is open", "Run `kith pair` there, then try again.")
        case .codeWrong:
            (.pairingCodeWrong, "the code is not the one of the invite", "Type it again as `kith pair` printed it.")
        case .commitmentWrong, .identityWrong, .keyWrong, .macWrong:
            (
                .pairingMismatch, "the proofs do not fit; somebody may be in between",
                "Check the network, then start anew."
            )
        case .refused:
            (.pairingRefused, "its person said no", "Ask that person, then start a new invite.")
        case .mismatch:
            (.pairingMismatch, "the digits differ; somebody may be in between", "Start a new invite; read with care.")
        case .timedOut:
            (.timedOut, "nothing came in time", "Start a new invite.")
        case .storeFailed:
            (.fileIO, "the pin could not be stored", "Look at `kith logs --daemon` there.")
        case .disconnected:
            (.peerOffline, "the connection was lost", "Start a new invite.")
        }
    }
}
