/// The one error on the wire: what happened, and what to do about it.
///
/// In JSON it stands under `error`: `{"error":{"code":"peer.offline","message":"…","hint":"…"}}`.
public struct KithError: Error, Codable, Sendable, Equatable {
    /// Which of the closed list.
    public var code: ErrorCode
    /// What happened, a full sentence.
    public var message: String
    /// What to do next, if there is something to do.
    public var hint: String?
    /// Facts for programs, never for deciding.
    public var details: [String: String]?

    /// An error from the closed list.
    public init(_ code: ErrorCode, _ message: String, hint: String? = nil, details: [String: String]? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details
    }
}

extension KithError: Described {
    public static var parameters: [Parameter] {
        [
            Parameter("code", \Self.code, "Which error it is; programs decide by this."),
            Parameter("message", \Self.message, "What happened."),
            Parameter("hint", \Self.hint, "What to do next."),
            Parameter("details", \Self.details, "Facts for programs."),
        ]
    }
}

extension KithError: CustomStringConvertible {
    public var description: String { hint.map { "\(message) \($0)" } ?? message }

    /// That a connection broke in the middle: what was asked may have happened, or may go on.
    public static func linkLost(_ message: String) -> KithError {
        KithError(.linkLost, message, hint: "See `kith peers`; what was asked may have happened.")
    }

    /// Any error as one of ours; what we do not know becomes `internal`.
    public init(wrapping error: any Error) {
        if let known = error as? KithError {
            self = known
        } else if error is CancellationError {
            self.init(.cancelled, "The request was cancelled.")
        } else {
            self.init(.internalError, "Something unexpected happened: \(error)", hint: "See `kith logs --daemon`.")
        }
    }
}

/// How an error stands in a JSON body.
public struct ErrorBody: Codable, Sendable {
    /// The error itself.
    public var error: KithError

    /// Wraps `error` for the wire.
    public init(_ error: KithError) { self.error = error }
}
