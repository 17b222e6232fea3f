/// What became of one entry: it is whole, verified and on disk, or it is an error and the old file stands.
public struct TransferOutcome: Described, Equatable {
    /// How it ended.
    public enum State: String, ParameterChoice {
        /// It is there now.
        case placed
        /// It was there already, the same by size, time and hash; nothing was sent.
        case unchanged
        /// In a dry run: it would be sent; nothing stands there.
        case pending
        /// In a dry run: it would be sent, and replace what stands there.
        case replacing
        /// It is not there, or an older one still is; `error` says why.
        case failed
    }

    /// The path as the receiver names it.
    public var path: String
    /// How it ended.
    public var state: State
    /// Bytes of the file.
    public var size: Int
    /// SHA-256 of a file of at most 128 KiB, or of a stream; verified.
    public var sha256: String?
    /// Of a larger file the SHA-256 of the SHA-256s of its leaves of 16 KiB; verified.
    public var treeHash: String?
    /// Why it was not placed.
    public var error: KithError?

    /// An outcome that is no failure.
    public init(path: String, state: State = .placed, size: Int = 0, sha256: String? = nil) {
        self.path = path
        self.state = state
        self.size = size
        self.sha256 = sha256
    }

    /// A failure.
    public init(path: String, error: KithError) {
        self.init(path: path, state: .failed)
        self.error = error
    }

    public static var parameters: [Parameter] {
        [
            Parameter("path", \Self.path, "The path as the receiver names it."),
            Parameter("state", \Self.state, "How it ended."),
            Parameter("size", \Self.size, "Bytes of the file."),
            Parameter("sha256", \Self.sha256, "SHA-256 of a file of at most 128 KiB, or of a stream; verified."),
            Parameter(
                "treeHash", \Self.treeHash,
                "Of a larger file the SHA-256 of the SHA-256s of its leaves of 16 KiB; verified."),
            Parameter("error", \Self.error, "Why it was not placed."),
        ]
    }
}
