/// One line of news about a running transfer.
public struct TransferEvent: Described, Equatable {
    /// What kind of news.
    public enum Kind: String, ParameterChoice {
        /// Bytes have flowed; at most ten a second.
        case progress
        /// An entry has its outcome.
        case entry
        /// All is over; the last line.
        case done
    }

    /// What kind of news.
    public var kind: Kind
    /// Bytes sent or received so far.
    public var bytes: Int
    /// Bytes in all, once known.
    public var totalBytes: Int?
    /// With `entry`: what became of it.
    public var outcome: TransferOutcome?
    /// With `done`: what the transfer did.
    public var summary: TransferSummary?

    /// One line of news.
    public init(
        _ kind: Kind, bytes: Int, totalBytes: Int? = nil, outcome: TransferOutcome? = nil,
        summary: TransferSummary? = nil
    ) {
        self.kind = kind
        self.bytes = bytes
        self.totalBytes = totalBytes
        self.outcome = outcome
        self.summary = summary
    }

    public static var parameters: [Parameter] {
        [
            Parameter("kind", \Self.kind, "What kind of news."),
            Parameter("bytes", \Self.bytes, "Bytes so far."),
            Parameter("totalBytes", \Self.totalBytes, "Bytes in all, once known."),
            Parameter("outcome", \Self.outcome, "With `entry`: what became of it."),
            Parameter("summary", \Self.summary, "With `done`: what the transfer did."),
        ]
    }
}
