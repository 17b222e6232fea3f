import KithAPI

/// What messages may measure, and how many may wait.
struct MessageLimits: Sendable {
    /// Deliveries that wait for one agent, in its inbox or on the way to it.
    var waiting = 10_000
    /// Bytes of all messages that are kept: their texts, and 512 for each. What is over goes early when this is
    /// nearly reached; when it is, nothing is taken any more.
    var bytes = 2 << 30
    /// How long a finished message is kept, in seconds: thirty days.
    var retention = 30 * 86_400
    /// Messages that one peer may send in a minute, unless a rule says otherwise.
    var perMinute = 120
    /// Bytes of UTF-8 in a body.
    static let bodyBytes = 1 << 20
    /// Bytes of a body that travels in the letter itself; a longer one is a blob.
    static let inlineBytes = 64 << 10
    /// Bytes of a subject, a reason and an idempotency key.
    static let lineBytes = 512
    /// Bytes of a channel.
    static let channelBytes = 128
    /// Words in `to`.
    static let targets = 64
    /// Seven days, and thirty.
    static let secondsToLive = (usual: 7 * 86_400, most: 30 * 86_400)
    /// How often a message may be put back.
    static let nacks = 5
    /// Entries on one page, and about how many bytes.
    static let page = 1...1_000
    static let pageBytes = 4 << 20
    /// Unfinished texts of one peer.
    static let uploads = 16

    static func check(_ request: SendMessage) throws(KithError) {
        guard request.body.utf8.count <= bodyBytes else {
            throw KithError(
                .requestTooLarge, "The body has \(request.body.utf8.count) bytes; at most \(bodyBytes) fit.",
                hint: "Send it as a file with `kith send`, and write where it is.")
        }
        try line(request.subject, "subject")
        try line(request.idempotencyKey, "idempotencyKey")
        try line(request.channel, "channel", most: channelBytes)
        guard request.to.count <= targets else {
            throw KithError(
                .requestInvalid, "`to` has \(request.to.count) words; at most \(targets) are allowed.",
                hint: "Give the agents a common label.")
        }
        guard (1...secondsToLive.most).contains(request.secondsToLive ?? 1) else {
            throw KithError(
                .requestInvalid, "`secondsToLive` must be between 1 and \(secondsToLive.most) (thirty days).")
        }
    }

    static func line(_ text: String?, _ field: String, most: Int = lineBytes) throws(KithError) {
        guard let text, !(text.utf8.count <= most && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }) else { return }
        throw KithError(.requestInvalid, "`\(field)` is one line of at most \(most) bytes.")
    }

    static func check(limit: Int?, cursor: String?) throws(KithError) {
        guard page.contains(limit ?? 1), cursor.map({ Int64($0) != nil }) ?? true else {
            throw KithError(
                .requestInvalid,
                "`limit` must be between \(page.lowerBound) and \(page.upperBound), `cursor` what came.")
        }
    }
}
