/// Announces one entry of a transfer.
public struct TransferHeader: Described, Equatable {
    /// Which source it belongs to, from 0.
    public var source: Int
    /// Its place: the name of the source itself, then the names below it, joined by `/`. Never absolute, no `..`.
    public var path: String
    /// What it is.
    public var type: FileKind
    /// Bytes that follow; exact.
    public var size: Int
    /// Permission bits.
    public var mode: Int
    /// Nanoseconds since 1970 of the last change.
    public var modified: Int
    /// Where a symlink points.
    public var target: String?
    /// Why it cannot be sent; then no content and no trailer follow.
    public var error: KithError?

    /// A header from its parts.
    public init(
        source: Int, path: String, type: FileKind, size: Int = 0, mode: Int = 0, modified: Int = 0,
        target: String? = nil, error: KithError? = nil
    ) {
        self.source = source
        self.path = path
        self.type = type
        self.size = size
        self.mode = mode
        self.modified = modified
        self.target = target
        self.error = error
    }

    public static var parameters: [Parameter] {
        [
            Parameter("source", \Self.source, "Which source it belongs to."),
            Parameter("path", \Self.path, "Its place below the destination."),
            Parameter("type", \Self.type, "What it is."),
            Parameter("size", \Self.size, "Bytes that follow."),
            Parameter("mode", \Self.mode, "Permission bits."),
            Parameter("modified", \Self.modified, "Nanoseconds since 1970 of the last change."),
            Parameter("target", \Self.target, "Where a symlink points."),
            Parameter("error", \Self.error, "Why it cannot be sent."),
        ]
    }
}

/// Ends the content of one file.
public struct TransferTrailer: Described, Equatable {
    /// SHA-256 of the content, in hexadecimal; nil if reading failed.
    public var sha256: String?
    /// Why the content is not what the header promised; the receiver then throws it away.
    public var error: KithError?

    /// A trailer with a hash or an error.
    public init(sha256: String? = nil, error: KithError? = nil) {
        self.sha256 = sha256
        self.error = error
    }

    public static var parameters: [Parameter] {
        [
            Parameter("sha256", \Self.sha256, "SHA-256 of the content, in hexadecimal."),
            Parameter("error", \Self.error, "Why the content is not what the header promised."),
        ]
    }
}

/// What became of one entry: it is whole, verified and on disk, or it is an error and the old file stands.
public struct TransferOutcome: Described, Equatable {
    /// The path as the receiver names it.
    public var path: String
    /// Bytes written.
    public var size: Int
    /// SHA-256 of a file, verified.
    public var sha256: String?
    /// Why it was not placed.
    public var error: KithError?

    /// An outcome from its parts.
    public init(path: String, size: Int = 0, sha256: String? = nil, error: KithError? = nil) {
        self.path = path
        self.size = size
        self.sha256 = sha256
        self.error = error
    }

    public static var parameters: [Parameter] {
        [
            Parameter("path", \Self.path, "The path as the receiver names it."),
            Parameter("size", \Self.size, "Bytes written."),
            Parameter("sha256", \Self.sha256, "SHA-256 of a file, verified."),
            Parameter("error", \Self.error, "Why it was not placed."),
        ]
    }
}

/// What a whole transfer did.
public struct TransferSummary: Described, Equatable {
    /// Files, folders and links placed.
    public var entries: Int
    /// Bytes of file content placed.
    public var bytes: Int
    /// How many entries failed.
    public var failures: Int
    /// Milliseconds it took.
    public var duration: Int

    /// A summary from its parts.
    public init(entries: Int = 0, bytes: Int = 0, failures: Int = 0, duration: Int = 0) {
        self.entries = entries
        self.bytes = bytes
        self.failures = failures
        self.duration = duration
    }

    public static var parameters: [Parameter] {
        [
            Parameter("entries", \Self.entries, "Files, folders and links placed."),
            Parameter("bytes", \Self.bytes, "Bytes of file content placed."),
            Parameter("failures", \Self.failures, "How many entries failed."),
            Parameter("duration", \Self.duration, "Milliseconds it took."),
        ]
    }
}
