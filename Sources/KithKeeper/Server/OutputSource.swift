import KithAPI

/// What a job writes and who follows it; for a job that runs, or for one from the disk.
@OnLoop final class OutputSource {
    /// What stands at the end of the output.
    enum Outcome: Sendable, Equatable {
        case ended(ProcessEnd)
        case lost
    }

    let id: JobID
    let log: OutputLog
    private(set) var outcome: Outcome?
    private(set) var followers: [Follower] = []
    /// Called when a leading follower may have come nearer.
    var onPace: (@OnLoop () -> Void)?
    /// Called once, before anything is written down.
    var onBegin: (@OnLoop () -> Void)?
    /// Whether it belongs to a client that has not said yet whether it will lead: nothing may be lost until
    /// then.
    var awaitsLeader = false {
        didSet { if oldValue, !awaitsLeader { onPace?() } }
    }
    private let lead: Int

    init(id: JobID, log: OutputLog, outcome: Outcome? = nil, lead: Int) {
        self.id = id
        self.log = log
        self.outcome = outcome
        self.lead = lead
    }

    /// Whether a leading follower is so far behind that the process should wait.
    var isTooFast: Bool { isBehind(by: lead) }

    /// Whether a process that waits may go on.
    var hasRoom: Bool { !isBehind(by: lead / 2) }

    private func isBehind(by limit: Int) -> Bool {
        (awaitsLeader && log.cursor > limit) || followers.contains { $0.leads && $0.lag > limit }
    }

    var isLed: Bool { followers.contains { $0.leads } }

    /// Gives new output to those who wait for it, and writes it down.
    func take(_ buffer: WireBuffer) {
        let frames = buffer.frames
        let start = log.cursor
        let sent = followers.map { $0.offer(frames) }
        if let begin = onBegin {
            onBegin = nil
            begin()
        }
        let place = log.append(frames, payload: buffer.payload)
        for (follower, count) in zip(followers, sent) {
            follower.settle(sent: count, of: buffer, at: start, place: place)
        }
    }

    /// Nothing more will be written.
    func finish(_ outcome: Outcome) {
        log.seal()
        self.outcome = outcome
        for follower in followers { follower.pump() }
    }

    func add(_ follower: Follower) { followers.append(follower) }

    func remove(_ follower: Follower) {
        followers.removeAll { $0 === follower }
        if follower.leads { onPace?() }
    }
}
