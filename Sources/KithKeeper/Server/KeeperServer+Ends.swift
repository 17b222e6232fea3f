import CLinux
import Dispatch
import FoundationEssentials
import Glibc
import KithAPI

/// Telling daemons of ends, and forgetting.
extension KeeperServer {
    /// Bytes that may wait for a daemon before it is told of no more ends for now.
    private static let newsLimit = 256 << 10
    /// How often old jobs are looked for.
    private static let sweepInterval = Duration.seconds(600)

    /// Tells every daemon of an end.
    func tell(_ record: JobRecord) {
        untold.append(record.id)
        for connection in connections.values where connection.isHolding && connection.waiting < Self.newsLimit {
            say(record, to: connection)
        }
    }

    /// Tells a daemon of the ends that it has not heard of, as far as it listens.
    func tellRest(to connection: ServerConnection) {
        for id in untold where !connection.heard.contains(id) {
            guard connection.waiting < Self.newsLimit, !connection.isClosed else { return }
            if let record = record(of: id) { say(record, to: connection) }
        }
    }

    private func say(_ record: JobRecord, to connection: ServerConnection) {
        connection.heard.insert(record.id)
        var answer = KeeperAnswer()
        answer.record = RecordForm(record)
        answer.running = running
        connection.send(.event, answer)
    }

    func markTold(_ id: JobID) {
        untold.removeAll { $0 == id }
        for connection in connections.values { connection.heard.remove(id) }
        if let job = jobs[id] { return job.startIsWritten ? job.folder.markTold() : () }
        guard ended[id] != nil else { return }
        ended[id]?.isTold = true
        if ended[id]?.unwritten == nil { JobFolder(id, in: path).markTold() }
    }

    /// What a client was in the middle of.
    func connectionClosed(_ connection: ServerConnection, _ role: ServerConnection.Role) {
        connections[ObjectIdentifier(connection)] = nil
        stoppers.removeAll { $0 === connection }
        connection.started?.source.awaitsLeader = false
        switch role {
        case .following(let follower):
            follower.drop()
            if let job = jobs[follower.id], job.isFinished, !job.source.isLed { settle(job) }
        case .attending(let attendant): attendant.drop()
        case .feeding(let job): job.feeders.removeAll { $0 === connection }
        case .waiting(let job): job.waiters.removeAll { $0 === connection }
        case .holding, .asking, .starting, .closed: break
        }
        if hasBeenHeld { leaveIfIdle() }
    }

    // MARK: Forgetting

    func sweepLater() {
        _ = loop.schedule(after: min(limits.retention, Self.sweepInterval)) { [weak self] in
            guard let self, !isLeaving else { return }
            sweep()
            sweepLater()
        }
    }

    /// Forgets what is too old or too much.
    func sweep() {
        let oldest = Date().milliseconds - Int(limits.retention / .milliseconds(1))
        let byAge = ended.sorted { $0.value.endedAt < $1.value.endedAt }
        let surplus = max(0, byAge.count - limits.remembered)
        for (index, (id, job)) in byAge.enumerated() where index < surplus || job.endedAt < oldest { remove(id) }
    }

    // MARK: What a keeper before us left

    /// Reads the folder; jobs without an end were lost with their keeper, and what is left of them is killed.
    func findEnded() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        var lost: [JobFolder] = []
        for id in names.compactMap({ JobID($0) }) {
            let folder = JobFolder(id, in: path)
            var facts = stat()
            if stat(folder.path + "/end", &facts) == 0 {
                ended[id] = EndedJob(endedAt: facts.st_mtim.tv_sec * 1000, isTold: folder.isTold)
            } else {
                lost.append(folder)
            }
        }
        loseJobs(lost)
        sweep()
        let order = ended.filter { !$0.value.isTold }.sorted { $0.value.endedAt < $1.value.endedAt }
        untold = order.map(\.key)
    }

    private func loseJobs(_ folders: [JobFolder]) {
        guard !folders.isEmpty else { return }
        let leaders = folders.map { ($0.id, leader(of: $0)) }
        Strays.kill(leaders, rounds: 200)
        for folder in folders {
            let log = OutputLog(reading: folder.path, names: folder.outputNames, cursor: nil, limits: limits)
            let now = Date().milliseconds
            folder.write(
                JobFolder.End(
                    end: nil, isDetached: folder.meta?.isDetached ?? true, outputBytes: log.cursor, inputTaken: 0,
                    endedAt: now))
            ended[folder.id] = EndedJob(endedAt: now, isTold: false)
        }
    }

    /// The first process of a job, if its number is still its own.
    private func leader(of folder: JobFolder) -> Int32 {
        guard let meta = folder.meta, meta.boot == boot, meta.process > 1 else { return 0 }
        return kith_process_start(meta.process) == meta.processStart ? meta.process : 0
    }
}

/// Processes that outlived their job, against its will.
enum Strays {
    /// Kills what belongs to these jobs, again and again until none is left. Blocks.
    ///
    /// - Parameter jobs: and their leaders; 0 where their numbers may be somebody else's.
    static func kill(_ jobs: [(JobID, Int32)], rounds: Int) {
        for _ in 0..<rounds {
            let table = ProcessTable.now()
            let members = jobs.flatMap { table.members(of: $0.0, leader: $0.1) }
            guard !members.isEmpty else { return }
            for member in members { member.signal(SIGKILL) }
            usleep(5000)
        }
    }
}

/// Whose processes are whose.
extension KeeperServer {
    /// Has ``KeptJob/inspected(_:)`` called with a table that is read from now on; one table for all who ask.
    func inspect(_ job: KeptJob) {
        inspections.insert(job.id)
        guard !isInspecting else { return }
        isInspecting = true
        inspector.async { [self] in
            let table = ProcessTable.now()
            loop.perform { self.inspected(table) }
        }
    }

    private func inspected(_ table: ProcessTable) {
        isInspecting = false
        let asked = inspections
        inspections = []
        for id in asked { jobs[id]?.inspected(table) }
    }

    /// Kills what a killed job has left behind, for a while.
    func hunt(_ id: JobID) {
        DispatchQueue.global(qos: .utility).async { Strays.kill([(id, 0)], rounds: 1000) }
    }

    /// Reaps orphans that became ours. A leader is left to its job: while one is unreaped, the kernel shows
    /// no other, and we look again soon.
    func reapOrphans() {
        while case let child = kith_ended_child(), child > 0 {
            guard !jobs.values.contains(where: { $0.processID == child && !$0.isFinished }) else {
                _ = loop.schedule(after: .milliseconds(200)) { [weak self] in self?.reapOrphans() }
                return
            }
            kith_reap(child)
        }
    }
}
