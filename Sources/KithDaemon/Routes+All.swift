import KithAPI
import KithWire

extension Routes {
    /// Who answers what, a line each.
    mutating func addAll(_ parts: Parts) {
        addNode(parts)
        addPeers(parts)
        addExec(parts)
        addServices(parts)
        addTalk(parts)
        addWorkers(parts)
    }

    private mutating func addNode(_ parts: Parts) {
        on(Ping.self) { _, _ in parts.status.identity }
        on(GetStatus.self) { _, _ in await parts.status.report() }
        on(WatchNode.self) { request, _, write in try await parts.overview.watch(request, write: write) }
        on(GetBuild.self) { _, _ in try await parts.build() }
        on(ReloadNode.self) { _, _ in try await parts.reload() }
        on(StopNode.self) { request, _ in try await parts.stop(request) }
        on(Diagnose.self) { request, _ in await parts.doctor.examine(request) }
        on(MendNode.self) { _, _ in parts.doctor.mend() }
        on(FollowAudit.self) { request, _, write in
            for try await record in try parts.audit.follow(request) { try await write(record) }
        }
        on(VerifyAudit.self) { _, _ in try await parts.audit.verify() }
    }

    private mutating func addPeers(_ parts: Parts) {
        on(ListPeers.self) { _, _ in await parts.peers.list() }
        on(WatchPeers.self) { _, _, write in try await parts.peers.watch(write) }
        on(GetPeer.self) { request, _ in try await parts.peers.status(request) }
        on(AddPeer.self) { request, _ in try await parts.peers.add(request) }
        on(RemovePeer.self) { request, _ in try await parts.peers.remove(request) }
        on(RenamePeer.self) { request, _ in try await parts.peers.rename(request) }
        on(GrantPeer.self) { request, _ in try await parts.peers.grant(request) }
        on(ExplainGrant.self) { request, _ in try await parts.grants.explain(request) }
        on(InvitePeer.self) { request, _, pipe in try await parts.desk.invite(request, over: pipe) }
        on(JoinPeer.self) { request, _, pipe in try await parts.desk.join(request, over: pipe) }
    }

    private mutating func addWorkers(_ parts: Parts) {
        on(StartWorkers.self) { request, _ in try await parts.ownFleet().start(request) }
        on(StopWorkers.self) { request, _ in try await parts.ownFleet().stop(request) }
        on(RemoveWorkers.self) { request, _ in try await parts.ownFleet().remove(request) }
        on(ListWorkers.self) { _, _ in await parts.fleet?.list() ?? WorkerList(workers: []) }
        on(GetWorker.self) { request, _ in try await parts.ownFleet().status(request) }
        on(FollowVouchers.self) { _, _, write in
            try await parts.ownFleet().followVouchers { try await write(FollowVouchers.Element(vouchers: $0)) }
        }
    }

    private mutating func addExec(_ parts: Parts) {
        let tasks = parts.talk.tasks.store
        on(RunCommand.self, behind: tasks) { try await parts.exec.run($0, from: $1) }
        on(StreamCommand.self, behind: tasks) { try await parts.exec.stream($0, over: $2, from: $1) }
        on(StartCommand.self, behind: tasks) { try await parts.exec.start($0, from: $1) }
        on(ListJobs.self) { try await parts.exec.list($0, from: $1) }
        on(GetJob.self) { try await parts.exec.get($0, from: $1) }
        on(WaitForJob.self) { try await parts.exec.wait($0, from: $1) }
        on(ReadJobOutput.self) { try await parts.exec.output($0, from: $1) }
        on(FollowJob.self) { try await parts.exec.follow($0, from: $1, $2) }
        on(AttachJob.self) { try await parts.exec.attach($0, over: $2, from: $1) }
        on(SignalJob.self) { try await parts.exec.signal($0, from: $1) }
        on(WriteToJob.self) { try await parts.exec.write($0, from: $1) }
        on(OpenTerminal.self) { try await parts.terminals.open($0, over: $2, from: $1) }
        on(AttachTerminal.self) { try await parts.terminals.attach($0, over: $2, from: $1) }
        on(ListTerminals.self) { try await parts.terminals.list($0, from: $1) }
        on(EndTerminal.self) { try await parts.terminals.end($0, from: $1) }
        on(ListApprovals.self) { await parts.exec.approvals($0, from: $1) }
        on(DecideApproval.self) { try await parts.exec.decide($0, from: $1) }
        on(FollowApprovals.self) { try await parts.exec.follow($0, from: $1, $2) }
    }

    private mutating func addServices(_ parts: Parts) {
        on(ListFiles.self) { try await parts.files.list($0, from: $1) }
        on(StatFile.self) { try await parts.files.stat($0, from: $1) }
        on(PutFiles.self, behind: parts.talk.tasks.store) { try await parts.files.put($0, over: $2, from: $1) }
        on(GetFiles.self) { try await parts.files.get($0, over: $2, from: $1) }
        on(WriteFile.self, behind: parts.talk.tasks.store) { try await parts.files.write($0, over: $2, from: $1) }
        on(ReadFile.self) { try await parts.files.read($0, over: $2, from: $1) }
        on(SendFiles.self) { request, _, write in try await parts.transfers.send(request, report: write) }
        on(PullFiles.self) { request, _, write in try await parts.transfers.pull(request, report: write) }
        on(SetContext.self) { try await parts.talk.set($0, from: $1) }
        on(GetContext.self) { try await parts.store.context.get($0, from: $1) }
        on(ListContext.self) { try await parts.store.context.list($0, from: $1) }
        on(DeleteContext.self) { try await parts.store.context.delete($0, from: $1) }
    }

    /// The daemon does not start with a question that nobody answers, nor an answer that nobody can ask for.
    func checkAgainstCatalogue() throws {
        let asked = Set(Catalogue.all.map { $0.name })
        guard asked == names else {
            let difference = asked.symmetricDifference(names).sorted().joined(separator: ", ")
            throw KithError(.internalError, "Catalogue and routes differ: \(difference).")
        }
    }
}
