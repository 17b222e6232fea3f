import KithAPI

/// What tasks may measure.
struct TaskLimits: Sendable {
    /// Tasks on one node that are neither done, failed nor cancelled.
    var active = 10_000
    /// Events that are kept.
    var events = 100_000
    /// Seconds for which a finished task is kept: thirty days.
    var retention = 30 * 86_400
    /// Seconds without a word after which a held task counts as stalled.
    static let stall = 600
    static let titleBytes = 512
    static let textBytes = 64 << 10
    static let lineBytes = 4 << 10
    static let needs = 64
    static let leaseSeconds = (usual: 90, range: 1...3_600)
    static let attempts = (usual: 3, range: 1...100)

    static func check(_ request: PostTask) throws(KithError) {
        try MessageLimits.line(request.title, "title", most: titleBytes)
        try MessageLimits.line(request.dedupeKey, "dedupeKey")
        try text(request.body, "body")
        guard !request.title.isEmpty, (request.needs ?? []).count <= needs,
            (request.target ?? []).count <= MessageLimits.targets,
            (request.target ?? []).allSatisfy({ $0.utf8.count <= 256 && !$0.contains("\n") })
        else {
            throw KithError(
                .requestInvalid, "A task has a title, at most \(needs) needs and \(MessageLimits.targets) targets.")
        }
        if let wrong = (request.target ?? []).first(where: { !AgentTarget($0).isSound }) {
            throw KithError(
                .requestInvalid, "`\(wrong)` cannot mean an agent.",
                hint: "Say `name`, `name@node`, `@node`, `label:x`, `tag:x`, `cap:x` or `all`.")
        }
        guard leaseSeconds.range.contains(request.leaseSeconds ?? 90),
            attempts.range.contains(request.maximumAttempts ?? 3)
        else {
            throw KithError(.requestInvalid, "`leaseSeconds` is 1 to 3600, `maximumAttempts` 1 to 100.")
        }
        guard request.resolved != true || request.dedupeKey != nil else {
            throw KithError(.requestInvalid, "`resolved` needs a `dedupeKey`.")
        }
    }

    static func text(_ text: String?, _ field: String, most: Int = textBytes) throws(KithError) {
        guard let count = text?.utf8.count, count > most else { return }
        throw KithError(
            .requestTooLarge, "`\(field)` has \(count) bytes; at most \(most) fit.", hint: "Send the rest as a file.")
    }

    static func line(_ text: String?, _ field: String) throws(KithError) {
        try MessageLimits.line(text, field, most: lineBytes)
    }
}

extension ClosedRange<Int> {
    /// The number in it that is nearest to `number`.
    func nearest(to number: Int) -> Int { Swift.min(Swift.max(number, lowerBound), upperBound) }
}
