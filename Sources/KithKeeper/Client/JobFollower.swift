import KithAPI

/// What a follower hears.
public enum JobOutputEvent: Sendable, Equatable {
    /// Bytes, and the cursor of the first of them.
    case output(at: Int, Output)
    /// Bytes `from` to `to` were written and are not kept.
    case gap(from: Int, to: Int)
    /// It has ended; nothing follows.
    case end(ProcessEnd)
}

/// What a follower hears that does not look at output.
public enum JobPassage: Sendable, Equatable {
    /// Whole frames of kind `data` for standard output and `extra` for standard error, one behind the other; about
    /// 256 KiB at most, or one frame.
    case frames([UInt8])
    /// Anything else.
    case event(JobOutputEvent)
}

/// One reader of a job's output, over a connection of its own, which ends with it.
public actor JobFollower {
    private let job: HeldJob
    private let link: KeeperLink
    private let keepsEnd: Bool
    private var cursor: Int
    private var isOver = false

    init(of job: HeldJob, over link: KeeperLink, at cursor: Int, keepsEnd: Bool) {
        self.keepsEnd = keepsEnd
        self.job = job
        self.link = link
        self.cursor = cursor
    }

    deinit { link.hangUp() }

    /// The next event; nil after the end or ``cancel()``. One caller at a time. Cancelling the task is
    /// cancelling the follower. Returning the end tells the keeper that it has been heard.
    ///
    /// - Throws: ``KithError`` `job.lost` where the keeper is gone or was, `protocol`.
    public func next() async throws -> JobOutputEvent? {
        guard !isOver else { return nil }
        guard let frame = try await link.receive() else { return try hungUp() }
        return try event(frame)
    }

    /// As ``next()``, but output that has come together comes as it travels, for whoever only passes it on.
    ///
    /// - Throws: as ``next()``.
    public func nextPassage() async throws -> JobPassage? {
        guard !isOver else { return nil }
        guard let arrival = try await link.receive(joinsOutput: true) else {
            _ = try hungUp()
            return nil
        }
        switch arrival {
        case .frame(let frame): return .event(try event(frame))
        case .output(let frames, let payload):
            cursor += payload
            return .frames(frames)
        }
    }

    private func event(_ frame: Frame) throws -> JobOutputEvent {
        if let stream = Output.Stream(frame.kind) {
            defer { cursor += frame.payload.count }
            return .output(at: cursor, Output(stream: stream, bytes: frame.payload))
        }
        switch frame.kind {
        case .event: return try skip(try JSON.decode(KeeperAnswer.self, from: frame.payload))
        case .end: return .end(try end(frame))
        case .failure:
            isOver = true
            throw try JSON.decode(KithError.self, from: frame.payload)
        default: throw KithError(.protocolViolation, "The keeper sent a frame of kind \(frame.kind).")
        }
    }

    /// Hangs up.
    public nonisolated func cancel() { link.hangUp() }

    private func skip(_ answer: KeeperAnswer) throws(KithError) -> JobOutputEvent {
        guard let end = answer.gapEnd, end > cursor else {
            throw KithError(.protocolViolation, "The keeper announced a gap that is none.")
        }
        defer { cursor = end }
        return .gap(from: cursor, to: end)
    }

    private func end(_ frame: Frame) throws -> ProcessEnd {
        isOver = true
        let end = try JSON.decode(ProcessEnd.self, from: frame.payload)
        job.hasEnded(end)
        if !keepsEnd { link.sendNow(Frame(.end)) }
        return end
    }

    private func hungUp() throws -> JobOutputEvent? {
        isOver = true
        guard link.isOver else { throw KithError.keeperIsGone }
        return nil
    }
}
