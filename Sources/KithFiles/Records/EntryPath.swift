import KithAPI

/// The place of an entry below the destination, as the other side says it: hostile until it is one of these.
struct EntryPath: Equatable, Sendable {
    /// How many names one may have.
    static let maximumDepth = 128

    /// One to ``maximumDepth`` names.
    let names: [FileName]

    /// Reads `bytes`.
    ///
    /// - Throws: ``KithError`` `request.invalid` if it is empty, absolute, too long or deep, or holds an empty
    ///   part, `.`, `..` or a NUL.
    init(_ bytes: [UInt8]) throws(KithError) {
        names = bytes.split(separator: DiskPath.slash, omittingEmptySubsequences: false).map { FileName($0) }
        guard bytes.count <= RequestedPath.maximumBytes, names.count <= Self.maximumDepth, !bytes.contains(0),
            names.allSatisfy({ !$0.bytes.isEmpty && !$0.isStep })
        else {
            throw Self.refusal
        }
    }

    static var refusal: KithError {
        KithError(.requestInvalid, "The path of an entry was refused.", hint: "Send plain names joined by `/`.")
    }
}
