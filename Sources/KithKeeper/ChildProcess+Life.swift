import CLinux
import Dispatch
import Glibc

/// What ``ChildLife`` decides is done here; everything is called on the loop.
extension ChildProcess {
    /// /proc is read here, off the loop.
    private static let groupQueue = DispatchQueue(label: "kith.keeper.groups")

    func receive(_ event: ChildLife.Event) {
        for action in life.receive(event) { perform(action) }
    }

    func leaderExited() {
        guard exit == nil else { return }
        guard let ended = wait(reaping: false) else {
            if let handleWatch { loop.arm(handleWatch, for: .readable) }
            return
        }
        exit = ProcessEnd(
            exit: ended, wasEnded: wasEnded, timedOut: timedOut, duration: startedAt.duration(to: .now))
        receive(.leaderExited)
    }

    func timeElapsed() {
        guard exit == nil else { return }
        timedOut = true
        beginEnd(grace: limits.grace)
    }

    /// Ends the group; a second time only a shorter grace counts.
    func beginEnd(grace: Duration) {
        guard !life.isFinished else { return }
        if exit == nil { wasEnded = true }
        guard life.isEnding else {
            endGrace = grace
            return receive(.endRequested)
        }
        guard grace < endGrace else { return }
        endGrace = grace
        perform(.startGrace)
    }

    private func perform(_ action: ChildLife.Action) {
        switch action {
        case .terminateGroup:
            kill(-processID, SIGTERM)
            kill(-processID, SIGCONT)
        case .killGroup: kill(-processID, SIGKILL)
        case .startGrace: start(.grace, after: endGrace) { $0.receive(.graceElapsed) }
        case .startLinger: start(.linger, after: limits.linger) { $0.receive(.lingerElapsed) }
        case .watchGroup: checkGroup()
        case .closeOutputs: closeOutputs()
        case .finish: finish()
        }
    }

    func start(_ name: TimerName, after delay: Duration, _ body: @escaping @Sendable (isolated ChildProcess) -> Void) {
        if let running = timers[name] { loop.cancel(running) }
        timers[name] = loop.schedule(after: delay) { self.assumeIsolated { body($0) } }
    }

    // MARK: The group

    /// Counts the living members; the leader is unreaped, so the number is still this group's.
    private func checkGroup() {
        Self.groupQueue.async { [loop, processID] in
            let isEmpty = kith_group_count(processID) == 0
            loop.perform { self.assumeIsolated { $0.groupCounted(isEmpty: isEmpty) } }
        }
    }

    private func groupCounted(isEmpty: Bool) {
        guard !life.isFinished else { return }
        if isEmpty { return receive(.groupEmptied) }
        groupChecks += 1
        start(.group, after: .milliseconds(min(200, 5 << min(groupChecks, 6)))) { $0.checkGroup() }
    }

    // MARK: The end

    private func finish() {
        _ = wait(reaping: true)
        if let handleWatch { loop.forget(handleWatch) }
        close(handle)
        dropInput()
        tellEnd()
    }

    /// The end of a process that could not be watched; its descriptors are the caller's.
    func giveUp() {
        (outputs, input) = ([], nil)
        life.abandon()
        exit = exit ?? ProcessEnd(exit: .signal(Int(SIGKILL)), wasEnded: true, timedOut: false, duration: .zero)
        tellEnd()
    }

    private func tellEnd() {
        for timer in timers.values { loop.cancel(timer) }
        timers = [:]
        onFinish()
        guard let exit else { return }
        for waiter in endWaiters { waiter.resume(returning: exit) }
        endWaiters = []
    }

    private func wait(reaping: Bool) -> ProcessEnd.Exit? {
        var code: Int32 = -1
        var signal: Int32 = -1
        guard kith_wait(handle, reaping ? 1 : 0, &code, &signal) == 0 else { return nil }
        return code >= 0 ? .code(Int(code)) : .signal(Int(signal))
    }
}
