/// What a whole transfer did; in a dry run, what it would do.
public struct TransferSummary: Described, Equatable {
    /// Files, folders and links placed.
    public var entries: Int
    /// Bytes of the files placed.
    public var bytes: Int
    /// Bytes of content that travelled for it: fewer where a part was there already.
    public var sentBytes: Int
    /// Files, folders and links that were there already, the same.
    public var unchanged: Int
    /// How many entries failed.
    public var failures: Int
    /// Milliseconds it took.
    public var duration: Int

    /// A summary from its parts.
    public init(
        entries: Int = 0, bytes: Int = 0, sentBytes: Int = 0, unchanged: Int = 0, failures: Int = 0, duration: Int = 0
    ) {
        self.entries = entries
        self.bytes = bytes
        self.sentBytes = sentBytes
        self.unchanged = unchanged
        self.failures = failures
        self.duration = duration
    }

    public static var parameters: [Parameter] {
        [
            Parameter("entries", \Self.entries, "Files, folders and links placed."),
            Parameter("bytes", \Self.bytes, "Bytes of the files placed."),
            Parameter("sentBytes", \Self.sentBytes, "Bytes of content that travelled."),
            Parameter("unchanged", \Self.unchanged, "Files, folders and links that were there already."),
            Parameter("failures", \Self.failures, "How many entries failed."),
            Parameter("duration", \Self.duration, "Milliseconds it took."),
        ]
    }
}
