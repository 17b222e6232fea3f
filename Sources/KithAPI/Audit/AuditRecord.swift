/// One line of the audit log: who did what, when, with which result.
public struct AuditRecord: Described, Equatable {
    /// Its number, from 1, without a hole.
    public var number: Int
    /// When, ISO 8601 with milliseconds, UTC.
    public var time: String
    /// Who: `owner`, or a peer's name and short id.
    public var caller: String
    /// The capability, for example `exec.run`.
    public var action: String
    /// What it was done to: a command line, a path, a key; at most 1,024 bytes.
    public var object: String?
    /// `began`, `ok`, `denied`, or the code of an error.
    public var result: String
    /// Facts, for example the exit code.
    public var details: [String: String]?
    /// The hash of the line before, in hexadecimal; 64 zeros for the first.
    public var previous: String
    /// SHA-256 of `previous` and this record without `hash`, in hexadecimal.
    public var hash: String

    /// A record from its parts.
    public init(
        number: Int, time: String, caller: String, action: String, object: String? = nil, result: String,
        details: [String: String]? = nil, previous: String, hash: String
    ) {
        self.number = number
        self.time = time
        self.caller = caller
        self.action = action
        self.object = object
        self.result = result
        self.details = details
        self.previous = previous
        self.hash = hash
    }

    public static var parameters: [Parameter] {
        [
            Parameter("number", \Self.number, "Its number, from 1, without a hole."),
            Parameter("time", \Self.time, "When, UTC."),
            Parameter("caller", \Self.caller, "Who asked."),
            Parameter("action", \Self.action, "The capability."),
            Parameter("object", \Self.object, "What it was done to."),
            Parameter("result", \Self.result, "`began`, `ok`, `denied`, or the code of an error."),
            Parameter("details", \Self.details, "Facts, for example the exit code."),
            Parameter("previous", \Self.previous, "The hash of the line before."),
            Parameter("hash", \Self.hash, "The hash of this line."),
        ]
    }
}
