import FoundationEssentials
public import KithAPI

extension WorkerFleet {
    /// Makes and starts workers, and returns when each has answered or failed to. One that cannot be started does not
    /// keep the others from it.
    ///
    /// - Throws: ``KithError`` `request.invalid`, `limited`, `conflict`; what the disk said of one that cannot be made.
    public func start(_ request: StartWorkers) async throws -> WorkerList {
        let names = try names(of: request)
        await untilOpen()
        return try await alone(with: names) {
            guard isOpen else { throw KithError(.unavailable, "This node is stopping.") }
            let fresh = names.filter { members[$0]?.isWanted != true }
            let failures = try await enrol(names, grants: request.grants)
            await tell()
            if let unwritten {
                await revoke(fresh)
                throw unwritten
            }
            await bring(names.filter { failures[$0] == nil })
            if let (name, failure) = failures.first(where: { members[$0.key] == nil }) {
                throw KithError(failure.code, "\(name) cannot be made. \(failure.message)", hint: failure.hint)
            }
            return list(names)
        }
    }

    /// Stops workers and all that runs in them, at once; from before that on nobody trusts them.
    ///
    /// - Throws: ``KithError`` `not_found`; `file.io`, `file.no_space` where it could not be written down.
    public func stop(_ request: StopWorkers) async throws -> WorkerList {
        let names = try known(request.names)
        // Trust ends now, also in those that somebody is starting.
        await revoke(names)
        return try await alone(with: names) {
            try await halt(names)
            return list(names)
        }
    }

    /// Stops workers and removes all of them.
    ///
    /// - Throws: ``KithError`` `not_found`, `file.io`, `file.no_space`.
    public func remove(_ request: RemoveWorkers) async throws -> WorkerList {
        let names = try known(request.names)
        await revoke(names)
        return try await alone(with: names) {
            try await halt(names)
            let last = list(names)
            for name in names {
                guard let place = members[name]?.place else { continue }
                try await OffPool.run { try place.remove() }
                members[name] = nil
                record.workers.removeAll { $0.name == name }
            }
            await tell()
            if let unwritten { throw unwritten }
            return last
        }
    }

    /// Ends all daemons of workers; those that are wanted are started again with this node.
    public func endProcesses() async {
        let names = members.filter { $0.value.process != nil || $0.value.isWanted }.map(\.key)
        await alone(with: names) {
            for name in names { members[name]?.isWanted = false }
            await end(names, endsJobs: true)
        }
    }

    /// Ends what an earlier run of this node was asked to stop and did not live to end.
    func endLeftovers() async {
        for name in record.workers.filter({ !$0.isWanted }).map(\.name) {
            await alone(with: [name]) {
                if let member = members[name], !member.isWanted { await end([name], endsJobs: true) }
            }
        }
    }

    /// All workers, by name. Just after the start of this node it waits up to three seconds for those that ran before.
    public func list() async -> WorkerList {
        await Deadline.within(.seconds(3)) { await self.untilFound() }
        return list(Array(members.keys))
    }

    /// One worker, by its name or what peers call it.
    ///
    /// - Throws: ``KithError`` `not_found`.
    public func status(_ request: GetWorker) throws -> WorkerStatus {
        let name = PeerName(whole: request.worker)
        guard let name, name.parent == nil || name.parent == node.name(), let found = list([name.last]).workers.first
        else { throw Self.unknown(request.worker) }
        return found
    }

    /// What is wrong with the keys of workers, by name.
    public func examineKeys() async -> [PeerName: KithError] {
        let places = members.mapValues { (place: $0.place, id: $0.id) }
        let found = try? await OffPool.run {
            places.compactMapValues { worker in worker.place.damage(of: worker.id) }
        }
        return found ?? [:]
    }

    /// The vouchers that count, now and after each change. Ends when the task is cancelled.
    public func followVouchers(_ write: @Sendable ([WorkerVoucher]) async throws -> Void) async throws {
        for await vouchers in news.follow(from: record.vouchers) { try await write(vouchers) }
    }

    // MARK: Names

    private func names(of request: StartWorkers) throws(KithError) -> [PeerName] {
        let names = try asked(request)
        guard names.allSatisfy({ $0.parent == nil }) else {
            throw KithError(
                .requestInvalid, "A worker's name has no `/`.",
                hint: "Use up to 63 letters, digits, `.`, `_` or `-`.")
        }
        if let name = names.first(where: { PeerName.isThisNode($0.text) }) {
            throw KithError(
                .requestInvalid, "A worker cannot be called `\(name)`: that is this machine itself.",
                hint: "Give it another name.")
        }
        try checkNew(names.filter { members[$0] == nil })
        try checkRoom(for: names)
        return names
    }

    /// - Throws: ``KithError`` `limited` if there would be too many, those included that are being made.
    func checkRoom(for names: [PeerName]) throws(KithError) {
        guard Set(members.keys).union(coming).union(names).count <= StartWorkers.maximum else {
            throw KithError(
                .limited, "A node has at most \(StartWorkers.maximum) workers; this one has \(members.count).",
                hint: "Remove some: `kith session remove NAME`.")
        }
    }

    /// A new worker has a name of its own: who is called by it must be one.
    private func checkNew(_ names: [PeerName]) throws(KithError) {
        for name in names {
            guard name == node.name() || node.isTaken(name) else { continue }
            let holder = name == node.name() ? "This node" : "A peer"
            throw KithError(
                .conflict, "\(holder) is called \(name) already; `kith exec \(name)` could not mean both.",
                hint: "Choose another name for the worker.")
        }
    }

    private func asked(_ request: StartWorkers) throws(KithError) -> [PeerName] {
        switch (request.names, request.count) {
        case (let names?, nil) where !names.isEmpty: return names
        case (nil, let count?) where (1...StartWorkers.maximum).contains(count):
            let prefix = request.prefix?.text ?? "worker"
            let names = (1...count).compactMap { PeerName("\(prefix)-\($0)") }
            if names.count == count { return names }
            throw KithError(.requestInvalid, "`\(prefix)` is too long for the names of a fleet.")
        default:
            throw KithError(
                .requestInvalid, "Give names, or a count from 1 to \(StartWorkers.maximum).",
                hint: "For example: kith session start-fleet -c 4")
        }
    }

    private func known(_ names: [PeerName]?) throws(KithError) -> [PeerName] {
        guard let names else { return members.keys.sorted { $0.text < $1.text } }
        guard let stranger = names.first(where: { members[$0] == nil }) else { return names }
        throw Self.unknown(stranger.text)
    }

    private static func unknown(_ name: String) -> KithError {
        KithError(.notFound, "There is no worker \(name.prefix(127)).", hint: "See `kith session list`.")
    }

    // MARK: Parts

    func list(_ names: [PeerName]) -> WorkerList {
        WorkerList(workers: Set(names).sorted().compactMap { name in members[name].map { status(of: $0, name) } })
    }

    private func status(of member: WorkerMember, _ name: PeerName) -> WorkerStatus {
        var status = WorkerStatus(
            name: name, peer: PeerName(name, of: node.name()), id: member.id, state: member.state,
            folder: member.place.folder)
        status.pid = member.process.map { Int($0.id) }
        status.address = member.process?.address
        status.since = member.process?.since
        status.restarts = member.restarts
        status.reason = member.process == nil ? member.reason : nil
        return status
    }

    /// How many are ended at the same time.
    private static let lanes = 16

    /// These are not wanted any more, and nobody trusts them when this returns.
    private func revoke(_ names: [PeerName]) async {
        takeBack(names)
        await tell()
    }

    private func takeBack(_ names: [PeerName]) {
        for name in names { members[name]?.isWanted = false }
        sign(names, grants: nil, isWanted: false)
    }

    /// Ends these, whose turn is ours: somebody may have started them since they were revoked.
    private func halt(_ names: [PeerName]) async throws {
        if names.contains(where: { members[$0]?.isWanted == true }) { await revoke(names) }
        await end(names, endsJobs: true)
        guard let unwritten else { return }
        throw KithError(
            unwritten.code, "The workers have ended, but this node will start them again: " + unwritten.message,
            hint: unwritten.hint)
    }

    /// Ends the daemons of these; they are not wanted any more.
    func end(_ names: [PeerName], endsJobs: Bool) async {
        await withDiscardingTaskGroup { group in
            for lane in 0..<min(Self.lanes, names.count) {
                let mine = stride(from: lane, to: names.count, by: Self.lanes).map { names[$0] }
                group.addTask { for name in mine { await self.end(name, endsJobs: endsJobs) } }
            }
        }
    }

    private func end(_ name: PeerName, endsJobs: Bool) async {
        guard let member = members[name] else { return }
        member.wake()
        if member.isSupervised { await member.settled(in: self) }
        let (place, program) = (member.place, node.programs.companion)
        // One that nobody wanted was not looked for yet.
        var process = member.process
        if process == nil { process = try? await WorkerSearch(place: place, host: "").anyProcess() }
        let ending = WorkerEnding(place: place, process: process)
        await ending.run(endsJobs: endsJobs)
        if endsJobs { await ending.endJobs(program: program) }
        try? await OffPool.run { place.tidy() }
        if member.process != nil { say("worker stopped", name) }
        await member.released(in: self)
        member.hasEnded()
    }
}
