import CLinux
import Glibc
import KithAPI

/// What clients ask, a function each.
extension KeeperServer {
    /// Obeys one frame.
    ///
    /// - Throws: ``KithError`` `protocol` for what has no place; the connection ends then.
    func obey(_ frame: Frame, on connection: ServerConnection) throws {
        switch (connection.role, frame.kind) {
        case (.asking, .open): try answer(try frame.decode(KeeperQuestion.self), on: connection)
        case (.starting(let id, let form, let bytes), .data):
            try collect(id, form, bytes + frame.payload, on: connection)
        case (.holding, .event): hear(try frame.decode(KeeperQuestion.self), on: connection)
        case (.following(let follower), .end): try confirm(follower, on: connection)
        case (.attending(let attendant), _): try attendant.obey(frame)
        case (.feeding(let job), .data): feed(job, frame.payload, from: connection)
        case (.feeding(let job), .end):
            job.closeInput()
            sayInputTaken(job, to: connection)
        default: throw KithError(.protocolViolation, "A frame of kind \(frame.kind) has no place here.")
        }
    }

    private func answer(_ question: KeeperQuestion, on connection: ServerConnection) throws {
        guard question.version == KeeperQuestion.currentVersion || question.ask.isTimeless else {
            throw KithError(.protocolViolation, "This keeper speaks version \(KeeperQuestion.currentVersion).")
        }
        let started = connection.started
        connection.started = nil
        defer { started?.source.awaitsLeader = false }
        do {
            try attend(to: question, on: connection)
        } catch {
            connection.send(KithError(wrapping: error))
        }
    }

    private func attend(to question: KeeperQuestion, on connection: ServerConnection) throws {
        switch question.ask {
        case .hello: sayHello(to: connection)
        case .hold: hold(connection)
        case .leave: leave(for: connection)
        case .start: try prepare(question, on: connection)
        case .follow: try follow(question, on: connection)
        case .attach: try attach(question, on: connection)
        case .finished: try waitForEnd(question, on: connection)
        case .list: list(ArraySlice(Array(jobs.keys) + ended.keys), on: connection)
        case .record: try sayRecord(question, to: connection)
        case .forget: try forget(question, for: connection)
        case .stopAll: stopAll(question, for: connection)
        case .input, .signal, .end, .detach, .resize: try change(question, on: connection)
        case .told: throw KithError(.protocolViolation, "This has no place here.")
        }
    }

    /// What is done to a job that runs; to one that has ended, nothing.
    private func change(_ question: KeeperQuestion, on connection: ServerConnection) throws {
        guard let job = try runningJob(question) else { return connection.send(.end, KeeperAnswer()) }
        switch question.ask {
        case .input:
            connection.role = .feeding(job)
            job.feeders.append(connection)
            return sayInputTaken(job, to: connection)
        case .signal: if let number = question.number { job.signal(number) }
        case .end: job.beginEnd(grace: question.grace.map { .milliseconds($0) } ?? limits.grace)
        case .detach:
            job.isDetached = true
            job.source.awaitsLeader = false
            job.writeStart()
        default: if let size = question.size { try job.resize(size) }
        }
        connection.send(.end, KeeperAnswer())
    }

    // MARK: Who we are

    private func sayHello(to connection: ServerConnection) {
        var answer = KeeperAnswer()
        answer.version = KeeperQuestion.currentVersion
        answer.build = build
        answer.running = running
        connection.send(.event, answer)
    }

    private func hold(_ connection: ServerConnection) {
        hasBeenHeld = true
        connection.role = .holding
        sayHello(to: connection)
        tellRest(to: connection)
    }

    private func leave(for connection: ServerConnection) {
        connection.send(.end, KeeperAnswer())
        leave()
        // Hanging up says that it is over, left or not.
        connection.finish()
    }

    private func hear(_ question: KeeperQuestion, on connection: ServerConnection) {
        guard question.ask == .told, let id = question.job else { return }
        markTold(id)
    }

    // MARK: Starting

    private func prepare(_ question: KeeperQuestion, on connection: ServerConnection) throws {
        guard let id = question.job, let form = question.launch else { throw KithError.questionIsIncomplete }
        guard !isLeaving else { throw KithError.keeperLeaves }
        try form.check()
        connection.role = .starting(id, form, [])
        if form.bytes == 0 { try collect(id, form, [], on: connection) }
    }

    private func collect(_ id: JobID, _ form: LaunchForm, _ bytes: [UInt8], on connection: ServerConnection) throws {
        guard bytes.count >= form.bytes else {
            connection.role = .starting(id, form, bytes)
            return
        }
        connection.role = .asking
        do {
            let job = try start(try form.read(bytes, as: id))
            var answer = KeeperAnswer()
            answer.process = job.processID
            connection.send(.event, answer)
            guard form.isLed == true else {
                connection.started = job
                job.source.awaitsLeader = !job.isDetached
                return job.writeStart()
            }
            join(Follower(of: job.source, from: 0, leads: true, on: connection), of: job.source, on: connection)
            job.writeStartSoon()
        } catch let failure as LaunchFailure {
            var answer = KeeperAnswer()
            answer.failure = failure.number
            connection.send(.event, answer)
        } catch {
            connection.send(KithError(wrapping: error))
        }
    }

    // MARK: Following and feeding

    private func follow(_ question: KeeperQuestion, on connection: ServerConnection) throws {
        let source = try source(of: question)
        let follower = Follower(
            of: source, from: question.cursor ?? 0, leads: question.leads ?? false, on: connection)
        follower.announce()
        join(follower, of: source, on: connection)
    }

    /// What the kernel holds for a follower: each time that it is empty or full somebody sleeps and has to be woken.
    private static let followerBuffer: Int32 = 1 << 20

    private func join(_ follower: Follower, of source: OutputSource, on connection: ServerConnection) {
        guard !connection.isClosed else { return }
        kith_widen_socket(connection.descriptor, Self.followerBuffer)
        connection.role = .following(follower)
        source.add(follower)
        source.awaitsLeader = false
        follower.pump()
    }

    private func attach(_ question: KeeperQuestion, on connection: ServerConnection) throws {
        guard let job = try runningJob(question), let terminal = job.terminal, let size = question.size else {
            throw KithError(.conflict, "The job has no terminal to look at, or has ended.", hint: "See `kith jobs`.")
        }
        connection.send(.event, KeeperAnswer())
        guard !connection.isClosed else { return }
        let manner = Attendant.Manner(isReadOnly: question.isReadOnly ?? false, resumes: question.resumes ?? false)
        let attendant = terminal.join(size, manner, on: connection)
        guard !connection.isClosed else { return attendant.drop() }
        connection.role = .attending(attendant)
        attendant.pump()
    }

    /// The follower has received the end: one that leads takes the job with it.
    private func confirm(_ follower: Follower, on connection: ServerConnection) throws {
        guard follower.hasEnd else { throw KithError(.protocolViolation, "An end was confirmed that was not sent.") }
        connection.role = .asking
        follower.drop()
        if follower.leads { leaderHeardEnd(of: follower.id) }
    }

    private func feed(_ job: KeptJob, _ bytes: [UInt8], from connection: ServerConnection) {
        job.take(bytes)
        guard job.inputIsFull else { return sayInputTaken(job, to: connection) }
        connection.pause()
    }

    func sayInputTaken(_ job: KeptJob, to connection: ServerConnection) {
        var answer = KeeperAnswer()
        answer.inputTaken = job.inputTaken
        connection.send(.event, answer)
    }

    // MARK: Asking about jobs

    private func waitForEnd(_ question: KeeperQuestion, on connection: ServerConnection) throws {
        guard let job = try runningJob(question) else { return try sayEnd(question, to: connection) }
        job.source.awaitsLeader = false
        connection.role = .waiting(job)
        job.waiters.append(connection)
    }

    private func sayEnd(_ question: KeeperQuestion, to connection: ServerConnection) throws {
        var answer = KeeperAnswer()
        guard case .ended(let end) = try record(question).state else { throw KithError.jobWasLost }
        answer.end = end
        connection.send(.end, answer)
    }

    private func sayRecord(_ question: KeeperQuestion, to connection: ServerConnection) throws {
        var answer = KeeperAnswer()
        answer.record = RecordForm(try record(question))
        connection.send(.end, answer)
    }

    /// A few at a time, so that a thousand records from the disk hold nobody up, and only as they are read.
    private func list(_ ids: ArraySlice<JobID>, on connection: ServerConnection) {
        guard !connection.isClosed else { return }
        let piece = connection.waiting < 1 << 20 ? ids.prefix(16) : []
        for record in piece.compactMap({ record(of: $0) }) {
            var answer = KeeperAnswer()
            answer.record = RecordForm(record)
            connection.send(.event, answer)
        }
        let rest = ids.dropFirst(piece.count)
        guard !rest.isEmpty else { return connection.send(.end, KeeperAnswer()) }
        _ = loop.schedule(after: piece.isEmpty ? .milliseconds(10) : .zero) { [weak self] in
            self?.list(rest, on: connection)
        }
    }

    private func forget(_ question: KeeperQuestion, for connection: ServerConnection) throws {
        guard try runningJob(question) == nil, let id = question.job else {
            throw KithError(.conflict, "The job runs.", hint: "End it first.")
        }
        remove(id)
        connection.send(.end, KeeperAnswer())
    }

    private func stopAll(_ question: KeeperQuestion, for connection: ServerConnection) {
        stoppers.append(connection)
        for job in jobs.values { job.beginEnd(grace: question.grace.map { .milliseconds($0) } ?? limits.grace) }
        answerStoppers()
    }

    func answerStoppers() {
        guard running == 0 else { return }
        for stopper in stoppers { stopper.send(.end, KeeperAnswer()) }
        stoppers = []
    }
}

extension KithError {
    static let questionIsIncomplete = KithError(.protocolViolation, "The question lacks what it is about.")
}
