import KithAPI

/// What a context entry, and all of them together, may measure.
struct ContextLimits: Sendable {
    /// Entries on one node.
    var entries = 100_000
    /// Forgotten keys whose versions go on rising if they come back.
    var past = 100_000
    /// Bytes of keys and values on one node.
    var bytes = 1 << 30
    /// What one peer may have stored here at a time.
    var perPeer = (entries: 10_000, bytes: 64 << 20)
    /// Changes that are kept for watchers, in all and of one key, and how many bytes of their values.
    var changes = (count: 10_000, perKey: 16, bytes: 64 << 20)
    /// Bytes of UTF-8 in a key.
    static let keyBytes = 512
    /// Bytes of UTF-8 in a value.
    static let valueBytes = 1 << 20
    /// Ten years.
    static let secondsToLive = 10 * 365 * 86_400
    /// Entries on one page.
    static let page = 1...1_000
    /// About how many bytes of JSON a page may have; one entry may exceed it alone.
    static let pageBytes = 4 << 20

    static func check(_ request: SetContext) throws(KithError) {
        try check(key: request.key)
        guard request.value.utf8.count <= valueBytes else {
            throw KithError(
                .requestTooLarge, "The value has \(request.value.utf8.count) bytes; at most \(valueBytes) fit.",
                hint: "Send it as a file and store its path.")
        }
        guard (1...secondsToLive).contains(request.secondsToLive ?? 1) else {
            throw KithError(
                .requestInvalid, "`secondsToLive` must be between 1 and \(secondsToLive) (ten years).",
                hint: "Leave it out to keep the entry for ever.")
        }
        try check(version: request.ifVersion)
    }

    static func check(key: String) throws(KithError) {
        guard (1...keyBytes).contains(key.utf8.count), !key.utf8.contains(0) else {
            throw KithError(
                .requestInvalid, "A key has 1 to \(keyBytes) bytes of UTF-8 and no NUL.", hint: "Choose another key.")
        }
    }

    static func check(version: Int?) throws(KithError) {
        guard version ?? 0 >= 0 else {
            throw KithError(.requestInvalid, "`ifVersion` must not be negative.", hint: "0 means: it must not exist.")
        }
    }

    static func check(_ request: ListContext) throws(KithError) {
        if let prefix = request.prefix, !prefix.isEmpty { try check(key: prefix) }
        if let cursor = request.cursor { try check(key: cursor) }
        guard page.contains(request.limit ?? 1) else {
            throw KithError(
                .requestInvalid, "`limit` must be between \(page.lowerBound) and \(page.upperBound).",
                hint: "Read on with `cursor`.")
        }
    }
}
