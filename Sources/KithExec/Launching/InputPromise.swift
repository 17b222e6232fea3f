import KithDigest

/// What a command would read, as far as it is known when it is asked for: part of what is approved.
struct InputPromise: Sendable, Equatable {
    /// The SHA-256 of what came with the request, in hexadecimal; nil if nothing came.
    private(set) var digest: String?
    /// How many bytes that is.
    private(set) var size: Int?
    /// Whether more may come, whatever it is.
    private(set) var staysOpen = false

    /// Nothing, and nothing to come.
    init() {}

    /// - Parameter bytes: What came with the request; nil if nothing did.
    init(_ bytes: [UInt8]?, staysOpen: Bool) {
        digest = bytes.map { SHA256.hash($0).hexadecimal }
        size = bytes?.count
        self.staysOpen = staysOpen
    }
}
