import FoundationEssentials
import KithAPI
import KithClient
import KithTrust

/// What the fleet says of its workers: to the disk, to this node's trust book, to peers, to the workers.
extension WorkerFleet {
    /// Workers that are told at the same time.
    private static let atOnce = 16

    /// That something has changed which workers inherit: the configuration, or whom this node trusts. Returns when they
    /// know.
    public func inheritanceChanged() async { await tell() }

    /// Has what is known now written down and told; returns when it is.
    func tell() async { await news.tell() }

    /// Writes and tells, one after the other, whatever is asked to be told.
    func publishChanges() async {
        for await _ in news.bells() {
            let number = news.asked
            await publish()
            news.told(number)
        }
        news.close()
    }

    private func publish() async {
        record.parent?.name = node.name()
        noteState()
        let (record, folder) = (record, node.folders.data)
        guard !record.workers.isEmpty || isWritten else { return }
        isWritten = true
        do {
            try await OffPool.run { try record.write(in: folder) }
            unwritten = nil
        } catch {
            unwritten = KithError(wrapping: error)
        }
        guard let parent = record.parent else { return }
        let household = Household.own(
            node.identity.certificate, name: parent.name, at: parent.address, resting: record.resting)
        node.changed(household, record.vouchers)
        news.publish(record.vouchers)
        await tellWorkers()
    }

    /// The ports at which the workers listen; one that is being looked for is where it was.
    private func noteState() {
        for index in record.workers.indices {
            guard let member = members[record.workers[index].name], member.state != .starting else { continue }
            record.workers[index].voucher?.port = member.process?.address?.port
        }
    }

    /// Those that are being started read it all by themselves.
    private func tellWorkers() async {
        let sockets = members.values.filter { $0.process != nil && $0.isWanted }.map(\.place.own.socket)
        await withTaskGroup(of: Void.self) { group in
            for (index, socket) in sockets.enumerated() {
                if index >= Self.atOnce { await group.next() }
                group.addTask {
                    _ = await Deadline.within(.seconds(5)) { try await KithClient(socket: socket).call(ReloadNode()) }
                }
            }
        }
    }

    // MARK: Signing

    /// Makes what is missing of these workers, and vouches for them; answers what is wrong with those where it cannot,
    /// which stay as they are.
    func enrol(_ names: [PeerName], grants: [Grant]?) async throws -> [PeerName: KithError] {
        try checkRoom(for: names)
        coming.formUnion(names)
        defer { coming.subtract(names) }
        let (node, now) = (node, node.now())
        let places = try names.map { name throws(KithError) in
            try WorkerPlace(name, of: node.folders, temporary: node.environment["TMPDIR"] ?? "/tmp")
        }
        let made = try await OffPool.run { places.map { place in Result { try place.prepare(now: now) } } }
        var failures: [PeerName: KithError] = [:]
        for (place, result) in zip(places, made) {
            do {
                try await admit(place.name, try result.get(), grants: grants)
            } catch {
                let failure = place.explain(KithError(wrapping: error))
                failures[place.name] = failure
                members[place.name]?.cannotRun("\(failure)")
            }
        }
        sign(names.filter { failures[$0] == nil }, grants: grants, isWanted: true)
        return failures
    }

    /// Has a worker with this certificate wanted; one that had another is somebody else now.
    private func admit(_ name: PeerName, _ certificate: Certificate, grants: [Grant]?) async throws {
        if members[name]?.id != certificate.id {
            // Somebody took its folder away, perhaps while it ran.
            members[name]?.isWanted = false
            await end([name], endsJobs: true)
            let worker = FleetRecord.Worker(
                name: name, certificate: Data(certificate.der).base64EncodedString(), grants: grants, isWanted: true)
            members[name] = try WorkerMember(worker, of: node)
            record.workers.removeAll { $0.name == name }
            record.workers.append(worker)
        }
        members[name]?.isWanted = true
        members[name]?.unsettle()
    }

    /// Vouches for these workers from now on, or no longer.
    func sign(_ names: [PeerName], grants: [Grant]?, isWanted: Bool) {
        for index in record.workers.indices where names.contains(record.workers[index].name) {
            record.workers[index].isWanted = isWanted
            if let grants { record.workers[index].grants = grants }
            let port = record.workers[index].voucher?.port
            record.workers[index].voucher = isWanted ? voucher(for: record.workers[index]) : nil
            record.workers[index].voucher?.port = port
        }
    }

    /// Signs all vouchers anew, as after each start of this node.
    func signAnew() { sign(record.workers.filter(\.isWanted).map(\.name), grants: nil, isWanted: true) }

    /// Signs anew long before the vouchers expire.
    func renewVouchers() async {
        while true {
            do { try await Task.sleep(for: .seconds(WorkerVoucher.lifetime / 4)) } catch { return }
            signAnew()
            await tell()
        }
    }

    private func voucher(for worker: FleetRecord.Worker) -> WorkerVoucher? {
        guard let der = Data(base64Encoded: worker.certificate), let certificate = try? Certificate(der: Array(der))
        else { return nil }
        return try? .signed(
            by: node.identity, for: certificate, name: worker.name, grants: worker.grants, now: node.now())
    }

    /// A worker has answered; unless a start will tell that, it is told now.
    func isRunning(_ member: WorkerMember) {
        if batches == 0 { news.ring() }
    }
}
