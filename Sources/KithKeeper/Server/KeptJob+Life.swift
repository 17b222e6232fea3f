import CLinux
import Glibc
import KithAPI

/// What ``ChildLife`` decides is done here.
extension KeptJob {
    func receive(_ event: ChildLife.Event) {
        for action in life.receive(event) { perform(action) }
    }

    func leaderExited() {
        guard exit == nil else { return }
        guard let ended = wait(reaping: false) else {
            if let handleWatch { server.loop.arm(handleWatch, for: .readable) }
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

    /// Ends all that belongs to it; a second time only a shorter grace counts.
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

    func signal(_ number: Int32) {
        guard !life.isFinished else { return }
        kill(-processID, number)
    }

    private func perform(_ action: ChildLife.Action) {
        switch action {
        case .terminateGroup: server.inspect(self)
        case .killGroup:
            if isAsked { kill(-processID, SIGKILL) }
            server.inspect(self)
        case .startGrace: start(.grace, after: endGrace) { $0.receive(.graceElapsed) }
        case .startLinger: start(.linger, after: limits.linger) { $0.receive(.lingerElapsed) }
        case .watchGroup: server.inspect(self)
        case .closeOutputs: closeOutputs()
        case .finish: finish()
        }
    }

    func start(_ name: TimerName, after delay: Duration, _ body: @escaping @OnLoop @Sendable (KeptJob) -> Void) {
        if let running = timers[name] { server.loop.cancel(running) }
        timers[name] = server.loop.schedule(after: delay) { [weak self] in
            if let self { body(self) }
        }
    }

    // MARK: Its processes

    /// Looks at all processes that belong to it, first of all while they still have their parents: then they
    /// are asked to end, those too that left the group. In the end all are killed, again and again, until
    /// none is left.
    func inspected(_ table: ProcessTable) {
        guard !life.isFinished, life.isEnding else { return }
        let found = table.members(of: id, leader: processID, known: members)
        members = Dictionary(found.map { ($0.id, $0.start) }) { $1 }
        if !isAsked { ask(found) }
        if found.isEmpty, life.leaderIsGone { return receive(.groupEmptied) }
        if life.wasKilled {
            kill(-processID, SIGKILL)
            for member in found { member.signal(SIGKILL) }
        }
        guard life.leaderIsGone || life.wasKilled else { return }
        checks += 1
        start(.check, after: .milliseconds(min(200, 5 << min(checks, 6)))) { $0.server.inspect($0) }
    }

    private func ask(_ members: [ProcessTable.Entry]) {
        isAsked = true
        for number in [endSignal, SIGCONT] {
            kill(-processID, number)
            for member in members where member.group != processID { member.signal(number) }
        }
    }

    // MARK: The end

    private func finish() {
        _ = wait(reaping: true)
        if let handleWatch { server.loop.forget(handleWatch) }
        handleWatch = nil
        close(handle)
        dropInput()
        for timer in timers.values { server.loop.cancel(timer) }
        timers = [:]
        (source.onPace, source.onBegin) = (nil, nil)
        server.jobEnded(self)
    }

    private func wait(reaping: Bool) -> ProcessEnd.Exit? {
        var code: Int32 = -1
        var signal: Int32 = -1
        guard kith_wait(handle, reaping ? 1 : 0, &code, &signal) == 0 else { return nil }
        return code >= 0 ? .code(Int(code)) : .signal(Int(signal))
    }
}
