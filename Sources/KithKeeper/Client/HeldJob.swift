public import KithAPI
import Synchronization

/// A job that a keeper holds, running or ended. Everything may be called from anywhere.
public final class HeldJob: Sendable {
    /// Its id.
    public let id: JobID

    private let client: KeeperClient
    /// The connection that started it serves its first follower.
    private let firstLink: Mutex<KeeperLink?>
    private let inputLink = Mutex<KeeperLink?>(nil)
    private let knownEnd = Mutex<ProcessEnd?>(nil)

    init(_ id: JobID, of client: KeeperClient, over link: KeeperLink?) {
        self.id = id
        self.client = client
        firstLink = Mutex(link)
    }

    /// Follows the output from a cursor to the end; any number may, and a slow one delays nobody.
    ///
    /// - Parameters:
    ///   - cursor: below 0: that many bytes before the end; nothing is said of what lies before it.
    ///   - leads: whether this follower paces the process, which then waits for it: no gap for it. When
    ///     it is dropped or its link breaks before the end, the job runs on unpaced. A job that is not
    ///     detached is forgotten when a leading follower has received its end.
    ///   - keepsEnd: whether the job is remembered nevertheless, until ``KeeperClient/forget(_:)``.
    /// - Throws: ``KithError`` `not_found`, `unavailable`.
    public func follow(from cursor: Int, leads: Bool, keepsEnd: Bool = false) async throws -> JobFollower {
        var question = KeeperQuestion(.follow, job: id)
        question.cursor = cursor
        question.leads = leads
        let (link, answer) = try await open(question)
        return JobFollower(of: self, over: link, at: answer.cursor ?? 0, keepsEnd: keepsEnd)
    }

    /// Brings bytes to its standard input; returns when they are taken, and waits while
    /// ``KeeperLimits/inputBuffer`` is unread. What nobody will read any more is taken too. One writer at a
    /// time.
    ///
    /// - Returns: bytes that were taken since the job began.
    @discardableResult
    public func write(_ bytes: [UInt8]) async throws -> Int {
        var (link, taken) = try await openInput()
        guard let link else { return taken }
        var start = 0
        while start < bytes.count {
            let piece = Array(bytes[start..<min(bytes.count, start + Output.limit)])
            try await link.send(Frame(.data, piece))
            taken = try await link.answer().inputTaken ?? taken
            start += piece.count
        }
        return taken
    }

    /// Closes its standard input behind what has been written.
    public func closeInput() async throws {
        guard let link = try await openInput().link else { return }
        try await link.send(Frame(.end))
        _ = try await link.answer()
    }

    /// Sends a signal to its whole group. Nothing happens once it has ended.
    public func signal(_ number: Int32) async throws {
        try await change(.signal) { $0.number = number }
    }

    /// Ends everything that belongs to it: TERM, KILL after `grace` (``KeeperLimits/grace`` unless given).
    /// Returns at once and tries what it can; ``finished()`` says when it is done.
    public func requestEnd(grace: Duration? = nil) {
        Task { try await change(.end) { $0.grace = grace.map { Int($0 / .milliseconds(1)) } } }
    }

    /// Makes it belong to nobody.
    public func detach() async throws { try await change(.detach) { _ in } }

    /// Changes the window of its terminal.
    public func resize(_ size: TerminalSize) async throws { try await change(.resize) { $0.size = size } }

    /// How it ended, when it has, is reaped, and its output is read.
    ///
    /// - Throws: ``KithError`` `job.lost`, `not_found` once it is forgotten.
    public func finished() async throws -> ProcessEnd {
        if let end = knownEnd.withLock({ $0 }) { return end }
        guard let end = try await client.ask(KeeperQuestion(.finished, job: id)).answer.end else {
            throw KithError.jobWasLost
        }
        hasEnded(end)
        return end
    }

    /// What the keeper knows of it.
    ///
    /// - Throws: ``KithError`` `not_found` once it is forgotten.
    public func record() async throws -> JobRecord {
        guard let form = try await client.ask(KeeperQuestion(.record, job: id)).answer.record else {
            throw KithError.noSuchJob(id)
        }
        return form.record
    }

    // MARK: Parts

    /// Its end is known, and remembered also when the keeper forgets the job.
    func hasEnded(_ end: ProcessEnd) { knownEnd.withLock { $0 = end } }

    /// Writes a long input to its end, beside all else.
    func feed(_ bytes: [UInt8]) {
        Task {
            try await write(bytes)
            try await closeInput()
        }
    }

    private func open(_ question: KeeperQuestion) async throws -> (link: KeeperLink, answer: KeeperAnswer) {
        let first = firstLink.withLock { link in
            defer { link = nil }
            return link
        }
        guard let first else { return try await client.ask(question) }
        return (first, try await first.ask(question))
    }

    private func openInput() async throws -> (link: KeeperLink?, taken: Int) {
        if let link = inputLink.withLock({ $0 }) { return (link, 0) }
        let (link, answer) = try await client.ask(KeeperQuestion(.input, job: id))
        guard let taken = answer.inputTaken else { return (nil, 0) }
        inputLink.withLock { $0 = link }
        return (link, taken)
    }

    private func change(_ ask: KeeperQuestion.Ask, _ fill: (inout KeeperQuestion) -> Void) async throws {
        var question = KeeperQuestion(ask, job: id)
        fill(&question)
        _ = try await client.ask(question)
    }
}
