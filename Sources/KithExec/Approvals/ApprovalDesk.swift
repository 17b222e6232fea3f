import FoundationEssentials
import KithAPI

/// The requests that wait for their owner's word. Each is held open by the peer that asked; an answer is good once.
actor ApprovalDesk {
    /// How many wait at once, and for how long.
    struct Limits: Sendable {
        var pending = 64
        var perPeer = 8
        /// After this nobody's word means no.
        var patience = Duration.seconds(120)
    }

    private struct Waiting {
        var approval: Approval
        var peer: PeerID
        var answer: CheckedContinuation<Approval.State, Never>?
        var timer: Task<Void, Never>?
    }

    private let limits: Limits
    private let now: @Sendable () -> Date
    private var waiting: [String: Waiting] = [:]
    private var order: [String] = []
    private var followers: [Int: AsyncStream<Approval>.Continuation] = [:]
    private var lastFollower = 0

    init(limits: Limits = Limits(), now: @escaping @Sendable () -> Date) {
        self.limits = limits
        self.now = now
    }

    // MARK: The asking side

    /// Holds the request until somebody decides, its time is up, or the task is cancelled.
    ///
    /// - Returns: the settled approval.
    /// - Throws: ``KithError`` `limited` where too many wait already.
    func ask(_ command: PlannedCommand, for peer: Peer) async throws(KithError) -> Approval {
        guard waiting.count < limits.pending,
            waiting.values.count(where: { $0.peer == peer.id }) < limits.perPeer
        else {
            throw KithError(.limited, "Too many requests wait for approval already.", hint: "Try again later.")
        }
        let approval = makeApproval(command, for: peer)
        waiting[approval.approvalID] = Waiting(approval: approval, peer: peer.id)
        order.append(approval.approvalID)
        tell(approval)
        return settled(approval, await state(of: approval.approvalID))
    }

    /// Ends what this peer asked for: it was taken its leave.
    func withdraw(of peer: PeerID) {
        for (id, entry) in waiting where entry.peer == peer { settle(id, .withdrawn) }
    }

    // MARK: The deciding side

    /// What waits, the newest first.
    func list() -> [Approval] { order.reversed().compactMap { waiting[$0]?.approval } }

    /// Decides one, once.
    ///
    /// - Throws: ``KithError`` `not_found` for one that does not wait (any more); `denied` for the peer that asked.
    func decide(_ request: DecideApproval, by caller: Caller) throws(KithError) -> Approval {
        guard let entry = waiting[request.approvalID] else {
            throw KithError(
                .notFound, "No request `\(request.approvalID)` waits for approval.", hint: "See `kith approvals`.")
        }
        if case .peer(let peer) = caller, peer.id == entry.peer {
            throw KithError(.denied, "Nobody approves what it asked for itself.", hint: "Its owner can, there.")
        }
        let state: Approval.State = request.approves ? .approved : .denied
        settle(request.approvalID, state)
        return settled(entry.approval, state)
    }

    /// What waits now and each change from now on; the newest 256 that were not read.
    func follow() -> AsyncStream<Approval> {
        let (stream, continuation) = AsyncStream.makeStream(of: Approval.self, bufferingPolicy: .bufferingNewest(256))
        lastFollower += 1
        let number = lastFollower
        followers[number] = continuation
        continuation.onTermination = { _ in Task { await self.forget(number) } }
        for approval in list().reversed() { continuation.yield(approval) }
        return stream
    }

    // MARK: Parts

    private func state(of id: String) async -> Approval.State {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else {
                    settle(id, .withdrawn)
                    return continuation.resume(returning: .withdrawn)
                }
                waiting[id]?.answer = continuation
                waiting[id]?.timer = Task { [patience = limits.patience] in
                    guard (try? await Task.sleep(for: patience)) != nil else { return }
                    self.settle(id, .expired)
                }
            }
        } onCancel: {
            Task { await self.settle(id, .withdrawn) }
        }
    }

    private func settle(_ id: String, _ state: Approval.State) {
        guard let entry = waiting.removeValue(forKey: id) else { return }
        order.removeAll { $0 == id }
        entry.timer?.cancel()
        tell(settled(entry.approval, state))
        entry.answer?.resume(returning: state)
    }

    private func settled(_ approval: Approval, _ state: Approval.State) -> Approval {
        var approval = approval
        approval.state = state
        return approval
    }

    private func tell(_ approval: Approval) {
        for follower in followers.values { follower.yield(approval) }
    }

    private func forget(_ number: Int) { followers[number] = nil }

    private func makeApproval(_ command: PlannedCommand, for peer: Peer) -> Approval {
        let asked = now()
        return Approval(
            approvalID: Self.newID(), peer: peer.name, title: CommandTitle.text(command.words),
            command: command.words, program: command.program, folder: command.folder,
            environment: command.asked, inputDigest: command.input.digest, inputSize: command.input.size,
            inputStaysOpen: command.input.staysOpen, askedAt: asked,
            expiresAt: asked.addingTimeInterval(limits.patience / .seconds(1)))
    }

    /// `a` and twelve letters, as ids of jobs are `j` and twelve.
    private static func newID() -> String {
        var generator = SystemRandomNumberGenerator()
        return "a" + JobID.random(using: &generator).text.dropFirst()
    }
}
