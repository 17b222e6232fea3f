public import KithAPI
import KithKeeper

/// What jobs wrote, from a cursor.
extension ExecService {
    /// Follows a job's output to its end, or to where it stands now; gaps are told.
    ///
    /// - Throws: ``KithError`` `not_found`, `job.lost`.
    public func follow(
        _ request: FollowJob, from caller: Caller, _ write: @escaping @Sendable (JobEvent) async throws -> Void
    ) async throws {
        let found = try await find(request.jobID, for: caller)
        let start = start(request.cursor, of: found.record)
        if request.stopsAtEnd == true {
            let piece = try await read(found, from: start, to: found.record.outputBytes)
            for event in piece { try await write(event) }
            return
        }
        let follower = try await found.job.follow(from: start, leads: false)
        defer { follower.cancel() }
        var pieces = OutputPieces(jobID: found.job.id, sandbox: found.note.sandbox, from: start)
        while let event = try await follower.next() {
            for piece in pieces.receive(event) { try await write(piece) }
        }
    }

    /// A piece of a job's output, at once.
    ///
    /// - Throws: ``KithError`` `not_found`, `request.invalid`, `job.lost`.
    public func output(_ request: ReadJobOutput, from caller: Caller) async throws -> JobOutput {
        let limit = request.limit ?? 64 << 10
        guard (4...(1 << 20)).contains(limit) else {
            throw KithError(
                .requestInvalid, "A limit of \(limit) bytes cannot be kept.", hint: "Give 4 bytes to 1 MiB.")
        }
        let found = try await find(request.jobID, for: caller)
        let start = start(request.cursor, of: found.record)
        let events = try await read(found, from: start, to: min(found.record.outputBytes, start + limit))
        let next = events.last?.next ?? start
        let isComplete = found.record.state != .running && next >= found.record.outputBytes
        return JobOutput(pieces: events, cursor: next, isComplete: isComplete)
    }

    /// The events from `start` up to `end`, which was written already. A character that `end` cuts in two is left
    /// for the next piece, unless nothing else stands there.
    private func read(_ found: Found, from start: Int, to end: Int) async throws -> [JobEvent] {
        guard start < end else { return ended(found, at: start) }
        let follower = try await found.job.follow(from: start, leads: false)
        defer { follower.cancel() }
        var pieces = OutputPieces(jobID: found.job.id, sandbox: found.note.sandbox, from: start)
        var events: [JobEvent] = []
        var position = start
        while position < end, let event = try await follower.next() {
            let cut = Self.cut(event, at: end)
            position = Self.next(cut, after: position)
            events += pieces.receive(cut)
        }
        let isWhole = end >= found.record.outputBytes && found.record.state != .running
        if events.isEmpty || isWhole { events += pieces.flush() }
        return events + ended(found, at: events.last?.next ?? start)
    }

    /// The end of the job, where nothing stands before it any more.
    private func ended(_ found: Found, at position: Int) -> [JobEvent] {
        guard position >= found.record.outputBytes, case .ended(let end) = found.record.state else { return [] }
        let told = CommandEnd(jobID: found.job.id, end, sandbox: found.note.sandbox)
        return [JobEvent(.end, at: position, next: position, end: told)]
    }

    /// The part of an event that stands before `end`.
    private static func cut(_ event: JobOutputEvent, at end: Int) -> JobOutputEvent {
        guard case .output(let at, var output) = event, at + output.bytes.count > end else { return event }
        output.bytes.removeLast(at + output.bytes.count - end)
        return .output(at: at, output)
    }

    private static func next(_ event: JobOutputEvent, after position: Int) -> Int {
        switch event {
        case .output(let at, let output): at + output.bytes.count
        case .gap(_, let to): to
        case .end: Int.max
        }
    }
}
