public import KithAPI
import KithKeeper

/// Terminals that live on when their clients leave, for the owner and for peers that may have them.
///
/// Starting one obeys the same policy as any command; who may not see one is told that there is none.
public struct TerminalService: Sendable {
    private let exec: ExecService
    private let names = TerminalNames()

    /// Terminals of the node whose commands `exec` runs.
    public init(_ exec: ExecService) { self.exec = exec }

    /// Opens a terminal and joins it, until it ends; when the asking side leaves, it runs on.
    ///
    /// - Throws: ``KithError`` as ``ExecService/run(_:from:)``; `conflict` for a name that is taken; `cancelled` or
    ///   `link.lost` when the asking side went.
    public func open(_ request: OpenTerminal, over duplex: Duplex, from caller: Caller) async throws -> CommandEnd {
        try Self.check(request.size)
        if let name = request.name { try TerminalNames.check(name) }
        return try await Inbox.reading(duplex) { inbox in
            let sender = FrameSender(duplex)
            var named = request
            let name = try await names.take(request.name, besides: try await running().compactMap(\.note.name))
            named.name = name
            let job = try await start(named, for: caller, inbox, sender)
            try? await sender.say(CommandNews(jobID: job.id))
            let client = TerminalClient(job: job, inbox: inbox, sender: sender)
            return try await join(client, AttachTerminal(size: request.size))
        }
    }

    /// Joins a terminal, until it ends.
    ///
    /// - Throws: ``KithError`` `not_found`, `job.lost`; `cancelled` or `link.lost` when the asking side went.
    public func attach(_ request: AttachTerminal, over duplex: Duplex, from caller: Caller) async throws -> CommandEnd {
        try Self.check(request.size)
        let found = try await find(request.terminal, for: caller)
        if case .ended(let end) = found.record.state { return CommandEnd(jobID: found.record.id, end) }
        return try await Inbox.reading(duplex) { inbox in
            let sender = FrameSender(duplex)
            try await sender.say(CommandNews(jobID: found.job.id))
            return try await join(TerminalClient(job: found.job, inbox: inbox, sender: sender), request)
        }
    }

    /// The terminals that the caller may see, the newest first.
    public func list(_ request: ListTerminals, from caller: Caller) async throws -> JobList {
        try await exec.list(ListJobs(kind: .terminal), from: caller)
    }

    /// Ends a terminal and all that runs in it: HUP, and KILL five seconds later.
    ///
    /// - Throws: ``KithError`` `not_found`.
    public func end(_ request: EndTerminal, from caller: Caller) async throws -> Job {
        let found = try await find(request.terminal, for: caller)
        found.job.requestEnd()
        return found.shown
    }

    // MARK: Parts

    private func start(
        _ request: OpenTerminal, for caller: Caller, _ inbox: Inbox, _ sender: FrameSender
    ) async throws -> HeldJob {
        do {
            let job = try await exec.unlessGone(inbox) {
                try await exec.openTerminal(request, from: caller) {
                    try await sender.say(CommandNews(waitsForApproval: $0))
                }
            }
            await names.giveBack(request.name)
            return job
        } catch {
            await names.giveBack(request.name)
            throw error
        }
    }

    private func join(_ client: TerminalClient, _ request: AttachTerminal) async throws -> CommandEnd {
        let attachment: TerminalAttachment
        do {
            attachment = try await client.job.attach(
                request.size, isReadOnly: request.isReadOnly ?? false, resumes: request.resumes ?? false)
        } catch let error as KithError where error.code == .conflict {
            return try await replay(client.job, to: client.sender)
        }
        await names.used(client.job.id)
        switch await client.run(attachment) {
        case .ended(let end): return CommandEnd(jobID: client.job.id, end)
        case .left: throw KithError(.cancelled, "The asking side left; the terminal runs on.")
        case .failed(let error): throw error
        }
    }

    /// It ended before anybody could look at its screen: what it wrote is told as it stands in its log.
    private func replay(_ job: HeldJob, to sender: FrameSender) async throws -> CommandEnd {
        let follower = try await job.follow(from: 0, leads: false)
        defer { follower.cancel() }
        while let event = try await follower.next() {
            switch event {
            case .output(_, let output): try await sender.send(Frame(.data, output.bytes))
            case .gap: continue
            case .end(let end): return CommandEnd(jobID: job.id, end)
            }
        }
        throw KithError(.jobLost, "What became of the job \(job.id) is not known.", hint: "See `kith jobs --all`.")
    }

    /// Every terminal that runs, the newest first, and its note.
    private func running() async throws -> [(record: JobRecord, note: JobNote)] {
        try await exec.keeper.jobs().compactMap { record in
            guard record.state == .running, let note = JobNote(record.note), note.kind == .terminal else { return nil }
            return (record, note)
        }
    }

    /// A running terminal by its name, any by its job's id, or the one that was used last.
    private func find(_ word: String?, for caller: Caller) async throws -> ExecService.Found {
        let mine = try await running().filter { exec.mayTouch($0.note, caller) }
        guard let word else {
            let last = await names.last(of: mine.map(\.record.id)) ?? mine.first?.record.id
            guard let last else { throw Self.noTerminal }
            return try await exec.find(last, for: caller)
        }
        if let named = mine.first(where: { $0.note.name == word }) {
            return try await exec.find(named.record.id, for: caller)
        }
        guard let id = JobID(word), let found = try? await exec.find(id, for: caller), found.note.kind == .terminal
        else {
            throw KithError(.notFound, "There is no terminal `\(word)`.", hint: "See `kith shell list`.")
        }
        return found
    }

    private static let noTerminal = KithError(.notFound, "No terminal runs here.", hint: "Open one: `kith shell`.")

    private static func check(_ size: TerminalSize) throws(KithError) {
        guard (1...1000).contains(size.columns), (1...1000).contains(size.rows) else {
            throw KithError(
                .requestInvalid, "There is no window of \(size.columns)×\(size.rows) characters.",
                hint: "Give 1 to 1,000 columns and rows.")
        }
    }
}
