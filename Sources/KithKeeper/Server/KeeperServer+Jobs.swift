import FoundationEssentials
import Glibc
import KithAPI

/// One that has ended; all else is on the disk.
struct EndedJob: Sendable {
    /// Milliseconds since 1970.
    var endedAt: Int
    var isTold: Bool
    /// What a full disk did not take, or was not worth it.
    var unwritten: KeptJob?
}

/// The table of jobs.
extension KeeperServer {
    /// Starts a job; its folder is written after the answer, see ``KeptJob/writeStart()``.
    ///
    /// - Throws: ``LaunchFailure``, ``KithError`` `conflict`, `limited`.
    func start(_ launch: Launch) throws -> KeptJob {
        guard jobs[launch.id] == nil, ended[launch.id] == nil else {
            throw KithError(.conflict, "There is a job `\(launch.id)` already.")
        }
        guard running < limits.running else {
            throw KithError(.limited, "\(limits.running) jobs run already.", hint: "Wait for one to end.")
        }
        let spawned = try Spawned(launch, bonds: .init(diesWithThread: true))
        let job = KeptJob(spawned, launch, of: self)
        do {
            try job.begin(spawned, launch)
        } catch {
            job.abandon()
            spawned.abandon()
            throw error
        }
        jobs[launch.id] = job
        return job
    }

    /// The job that a question is about if it runs; nil if it has ended.
    ///
    /// - Throws: ``KithError`` `not_found`.
    func runningJob(_ question: KeeperQuestion) throws -> KeptJob? {
        guard let id = question.job else { throw KithError.questionIsIncomplete }
        if let job = jobs[id] { return job.isFinished ? nil : job }
        guard ended[id] != nil else { throw KithError.noSuchJob(id) }
        return nil
    }

    func record(_ question: KeeperQuestion) throws -> JobRecord {
        guard let id = question.job else { throw KithError.questionIsIncomplete }
        guard let record = record(of: id) else { throw KithError.noSuchJob(id) }
        return record
    }

    /// What is known of a job, from the disk if it has ended.
    func record(of id: JobID) -> JobRecord? {
        if let job = jobs[id] { return job.record }
        guard let job = ended[id] else { return nil }
        return job.unwritten?.record ?? JobFolder(id, in: path).record
    }

    /// The output of a job, from the disk if it has ended.
    func source(of question: KeeperQuestion) throws -> OutputSource {
        guard let id = question.job else { throw KithError.questionIsIncomplete }
        if let job = jobs[id] { return job.source }
        guard ended[id] != nil else { throw KithError.noSuchJob(id) }
        let folder = JobFolder(id, in: path)
        let record = record(of: id)
        var (cursor, outcome): (Int?, OutputSource.Outcome) = (nil, .lost)
        if let record, case .ended(let end) = record.state { (cursor, outcome) = (record.outputBytes, .ended(end)) }
        let log = OutputLog(reading: folder.path, names: folder.outputNames, cursor: cursor, limits: limits)
        return OutputSource(id: id, log: log, outcome: outcome, lead: limits.lead)
    }

    // MARK: Ends

    /// The end of a job is told to those who follow it first. Only where no leader is about to confirm it, daemons are
    /// told as well, and it is written down.
    func jobEnded(_ job: KeptJob) {
        guard let end = job.exit else { return }
        let isAwaited = job.source.isLed && !job.isDetached
        job.source.finish(.ended(end))
        job.terminal?.finish(end)
        for waiter in job.waiters where !waiter.isClosed {
            waiter.role = .asking
            var answer = KeeperAnswer()
            answer.end = end
            waiter.send(.end, answer)
        }
        job.waiters = []
        job.feeders = []
        if job.life.wasKilled { hunt(job.id) }
        if !isAwaited || !job.source.isLed { settle(job) }
        answerStoppers()
        if hasBeenHeld { leaveIfIdle() }
    }

    /// From here on the job is on the disk alone; one that belonged to a leader and never got there stays in memory
    /// until the keeper leaves.
    func settle(_ job: KeptJob) {
        guard jobs[job.id] === job, job.isFinished else { return }
        tell(job.record)
        if job.isDetached || job.startIsWritten { job.writeEnd() }
        jobs[job.id] = nil
        ended[job.id] = EndedJob(
            endedAt: Date().milliseconds, isTold: !untold.contains(job.id),
            unwritten: job.isWritten ? nil : job)
        if ended.count > limits.remembered { sweep() }
    }

    /// Puts on the disk what only memory has, for the next keeper.
    func writeUnwritten() {
        // Also ends that a leader was to confirm, who has gone.
        for job in Array(jobs.values) { settle(job) }
        for (id, job) in ended {
            guard let unwritten = job.unwritten else { continue }
            unwritten.writeEnd()
            if job.isTold { JobFolder(id, in: path).markTold() }
        }
    }

    /// A leader has the end: a job that belonged to it is forgotten.
    func leaderHeardEnd(of id: JobID) {
        if let job = jobs[id] {
            guard job.isDetached else { return remove(id) }
            return settle(job)
        }
        if record(of: id)?.isDetached == false { remove(id) }
    }

    /// Forgets an ended job.
    func remove(_ id: JobID) {
        guard jobs[id]?.isFinished != false else { return }
        let isOnDisk = (jobs[id] ?? ended[id]?.unwritten)?.startIsWritten ?? true
        (jobs[id], ended[id]) = (nil, nil)
        untold.removeAll { $0 == id }
        if isOnDisk { JobFolder(id, in: path).remove() }
    }
}

extension KithError {
    static func noSuchJob(_ id: JobID) -> KithError {
        KithError(.notFound, "There is no job `\(id)`.", hint: "See `kith jobs`.")
    }
}
