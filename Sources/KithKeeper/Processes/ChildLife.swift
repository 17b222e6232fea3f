/// From the start of a process to its reaping: what follows what. Pure.
///
/// The leader stays unreaped to the last, so that its id, which is its group's too, is nobody else's
/// while a signal may still be sent.
struct ChildLife: Sendable, Equatable {
    enum Event: Sendable {
        /// The process itself has ended; others of its group may run on.
        case leaderExited
        /// Both outputs have been read to their ends.
        case outputsEnded
        /// It shall end, whatever it does.
        case endRequested
        /// Nobody in the group is alive.
        case groupEmptied
        case graceElapsed
        case lingerElapsed
    }

    enum Action: Sendable {
        case terminateGroup, killGroup
        case startGrace, startLinger
        /// Say ``Event/groupEmptied`` when it is so.
        case watchGroup
        /// Take what is in the pipes now, and no more.
        case closeOutputs
        /// Reap the leader and answer.
        case finish
    }

    private(set) var isEnding = false
    private(set) var leaderIsGone = false
    private(set) var isFinished = false
    private var outputsAreEnded = false
    private var groupIsGone = false
    private(set) var wasKilled = false
    private var isLingering = false

    mutating func receive(_ event: Event) -> [Action] {
        guard !isFinished else { return [] }
        switch event {
        case .leaderExited:
            leaderIsGone = true
            return (isEnding ? [.watchGroup] : []) + settle()
        case .outputsEnded:
            outputsAreEnded = true
            return settle()
        case .endRequested:
            return requestEnd()
        case .groupEmptied:
            groupIsGone = true
            return settle()
        case .graceElapsed:
            return killGroup()
        case .lingerElapsed:
            return stopLingering()
        }
    }

    /// Nothing follows any more.
    mutating func abandon() { isFinished = true }

    private mutating func requestEnd() -> [Action] {
        guard !isEnding else { return [] }
        isEnding = true
        return [.terminateGroup, .startGrace] + (leaderIsGone ? [.watchGroup] : [])
    }

    private mutating func killGroup() -> [Action] {
        guard isEnding, !groupIsGone, !wasKilled else { return [] }
        wasKilled = true
        isLingering = false
        return [.killGroup] + settle()
    }

    private mutating func stopLingering() -> [Action] {
        let open = !outputsAreEnded
        outputsAreEnded = true
        if wasKilled { groupIsGone = true }
        return (open ? [.closeOutputs] : []) + settle()
    }

    private mutating func settle() -> [Action] {
        guard leaderIsGone, !isEnding || groupIsGone || wasKilled else { return [] }
        if outputsAreEnded, !isEnding || groupIsGone {
            isFinished = true
            return [.finish]
        }
        guard !isLingering else { return [] }
        isLingering = true
        return [.startLinger]
    }
}
