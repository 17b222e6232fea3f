import KithAPI

/// The connection to a terminal, while there is one, and what is known of the terminal from it.
actor TerminalLink {
    private var pipe: Duplex?
    /// The terminal's job, once it has been said.
    private(set) var jobID: JobID?
    /// Where in the job's output the next bytes stand; for a command's terminal.
    private(set) var cursor = 0
    /// Whether it was lost at least once.
    private(set) var hasBeenLost = false

    /// What was typed before the first connection was there.
    private var early: [UInt8] = []

    /// Bytes of ``early`` that are kept.
    private static let earlyLimit = 64 << 10

    private var isDoubted = false

    /// Whether no terminal hears what is typed now.
    var isUnheard: Bool { pipe == nil || jobID == nil || isDoubted }

    /// That the other side does not answer; until it says something again.
    func doubt() { isDoubted = true }

    func connect(_ pipe: Duplex) async {
        self.pipe = pipe
        guard !early.isEmpty else { return }
        let bytes = early
        early = []
        await send(Frame(.data, bytes))
    }

    func disconnect() {
        pipe = nil
        hasBeenLost = true
    }

    /// Takes what the other side says of the terminal.
    func take(_ news: CommandNews) {
        if let id = news.jobID { jobID = id }
        if let cursor = news.cursor { self.cursor = cursor }
    }

    func received(_ count: Int) {
        cursor += count
        isDoubted = false
    }

    /// Sends what was typed; kept before the first connection, dropped while a lost one is looked for.
    func type(_ bytes: [UInt8]) async {
        if pipe != nil { return await send(Frame(.data, bytes)) }
        if !hasBeenLost { early += bytes.prefix(Self.earlyLimit - early.count) }
    }

    /// Sends a frame; dropped where there is no connection, whose end is noticed elsewhere.
    func send(_ frame: Frame) async { try? await pipe?.send(frame) }
}
