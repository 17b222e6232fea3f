public import KithAPI
import KithKeeper

/// Jobs as lists and as one: looking, waiting, joining, signalling. Who may not see one is told that there is none.
extension ExecService {
    /// The jobs that the caller may see, the newest first.
    public func list(_ request: ListJobs, from caller: Caller) async throws -> JobList {
        let records = try await keeper.jobs()
        let jobs = records.compactMap { record -> Job? in
            guard let note = JobNote(record.note), mayTouch(note, caller) else { return nil }
            return Job(record, note)
        }
        return JobList(
            jobs: jobs.filter { job in
                (request.runningOnly != true || job.state == .running) && request.kind.map { job.kind == $0 } ?? true
            })
    }

    /// One job.
    ///
    /// - Throws: ``KithError`` `not_found`.
    public func get(_ request: GetJob, from caller: Caller) async throws -> Job {
        try await find(request.jobID, for: caller).shown
    }

    /// Waits for the end of a job, for a bounded time.
    ///
    /// - Throws: ``KithError`` `not_found`, `request.invalid`.
    public func wait(_ request: WaitForJob, from caller: Caller) async throws -> Job {
        let seconds = request.seconds ?? 50
        guard seconds >= 0, seconds <= 50 else {
            throw KithError(.requestInvalid, "\(seconds) s cannot be waited for.", hint: "Wait for 0 to 50 s, again.")
        }
        let found = try await find(request.jobID, for: caller)
        guard found.shown.state == .running, seconds > 0 else { return found.shown }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await found.job.finished() }
            group.addTask { try? await Task.sleep(for: .seconds(seconds)) }
            await group.next()
            group.cancelAll()
        }
        return try await shown(found.job)
    }

    /// Sends a signal to a job, or ends it.
    ///
    /// - Throws: ``KithError`` `not_found`; `conflict` for one that has ended.
    public func signal(_ request: SignalJob, from caller: Caller) async throws -> Job {
        let found = try await find(request.jobID, for: caller)
        guard found.shown.state == .running else {
            throw KithError(
                .conflict, "The job \(request.jobID) has ended already.", hint: "See `kith jobs --all`.")
        }
        guard let signal = request.signal else {
            found.job.requestEnd()
            return try await shown(found.job)
        }
        try await found.job.signal(signal.number)
        return try await shown(found.job)
    }

    /// Writes to what a job reads; waits while it has much unread.
    ///
    /// - Throws: ``KithError`` `not_found`, `request.too_large`.
    public func write(_ request: WriteToJob, from caller: Caller) async throws -> Job {
        let bytes = Array((request.text ?? "").utf8)
        guard bytes.count <= 1 << 20 else {
            throw KithError(.requestTooLarge, "\(bytes.count) bytes are too many at once.", hint: "Send at most 1 MiB.")
        }
        let found = try await find(request.jobID, for: caller)
        if !bytes.isEmpty { try await found.job.write(bytes) }
        if request.closesInput == true { try await found.job.closeInput() }
        return try await shown(found.job)
    }

    /// Joins a job: the client that started it leads it again, any other only takes part.
    ///
    /// - Throws: ``KithError`` `not_found`, `link.lost`, `job.lost`, `protocol`.
    public func attach(_ request: AttachJob, over duplex: Duplex, from caller: Caller) async throws -> CommandEnd {
        let found = try await find(request.jobID, for: caller)
        let leads = request.resumes == true && !found.record.isDetached && found.note.holder == Holder(caller)
        let cursor = start(request.cursor, of: found.record)
        return try await Inbox.reading(duplex) { inbox in
            let sender = FrameSender(duplex)
            try await sender.say(
                CommandNews(jobID: found.job.id, cursor: cursor, inputTaken: found.record.inputTaken))
            let stream = CommandStream(
                job: found.job, sandbox: found.note.sandbox, inbox: inbox, sender: sender
            ) {
                if leads { try await detach(found.job) }
            }
            if leads { return try await lead(found.job, over: stream, from: cursor) }
            switch try await stream.join(from: cursor, leads: false) {
            case .ended(let end): return CommandEnd(jobID: found.job.id, end, sandbox: found.note.sandbox)
            case .hungUp: throw KithError(.cancelled, "The asking side went away; the job runs on.")
            case .linkLost: throw KithError.linkLost("The link to the asking side was lost; the job runs on.")
            case .failed(let error): throw error
            }
        }
    }

    // MARK: Finding

    /// A job that the caller may see.
    struct Found: Sendable {
        var job: HeldJob
        var record: JobRecord
        var note: JobNote

        var shown: Job { Job(record, note) }
    }

    /// - Throws: ``KithError`` `not_found`, also for what is not the caller's to see.
    func find(_ id: JobID, for caller: Caller) async throws -> Found {
        guard let job = try await keeper.job(id), let record = try? await job.record(),
            let note = JobNote(record.note), mayTouch(note, caller)
        else {
            throw KithError(
                .notFound, "There is no job `\(id)`.",
                hint: "See `kith jobs --all`; a job of a peer is named with `--on PEER`.")
        }
        return Found(job: job, record: record, note: note)
    }

    func shown(_ job: HeldJob) async throws -> Job {
        let record = try await job.record()
        guard let note = JobNote(record.note) else { throw KithError(.notFound, "There is no job `\(job.id)`.") }
        return Job(record, note)
    }

    /// Whether the caller may see and touch a job.
    func mayTouch(_ note: JobNote, _ caller: Caller) -> Bool {
        note.holder == Holder(caller) || caller.seesAll(of: note.kind == .terminal ? .terminal : .exec, at: now())
    }

    /// Where a cursor stands, within what was written.
    func start(_ cursor: Int?, of record: JobRecord) -> Int {
        let cursor = cursor ?? 0
        return cursor < 0 ? max(0, record.outputBytes + cursor) : min(cursor, record.outputBytes)
    }
}
