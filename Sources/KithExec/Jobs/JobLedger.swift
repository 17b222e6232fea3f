import FoundationEssentials
import KithAPI
import Synchronization

/// Which jobs run now, and for whom: what limits are counted by.
final class JobLedger: Sendable {
    /// How much one caller may have.
    struct Allowance: Sendable, Equatable {
        /// At once.
        var running: Int
        /// Started in a minute; nil for no limit.
        var perMinute: Int?
    }

    private struct State {
        var jobs: [JobID: Entry] = [:]
        var starts: [Holder: [Date]] = [:]
    }

    private struct Entry {
        var holder: Holder
        var isDetached: Bool
    }

    private let state = Mutex(State())
    private let onChange: @Sendable () -> Void

    /// - Parameter onChange: told after each change; must not block.
    init(onChange: @escaping @Sendable () -> Void = {}) { self.onChange = onChange }

    /// How many run.
    var count: Int { state.withLock { $0.jobs.count } }

    /// Takes a place for a job; ``end(_:)`` gives it back.
    ///
    /// - Throws: ``KithError`` `limited` when the caller has no more.
    func begin(_ id: JobID, for caller: Caller, isDetached: Bool, within allowance: Allowance, at now: Date)
        throws(KithError)
    {
        let holder = Holder(caller)
        let refusal: KithError? = state.withLock { state in
            let recent = (state.starts[holder] ?? []).filter { now.timeIntervalSince($0) < 60 && $0 <= now }
            if let most = allowance.perMinute, recent.count >= most { return Self.tooOften(most) }
            guard state.jobs.values.count(where: { $0.holder == holder }) < allowance.running else {
                return Self.tooMany(allowance.running)
            }
            state.jobs[id] = Entry(holder: holder, isDetached: isDetached)
            state.starts[holder] = allowance.perMinute == nil ? nil : recent + [now]
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Notes a job that ran before this daemon did; false for one that it started itself.
    func find(_ id: JobID, of holder: Holder, isDetached: Bool) -> Bool {
        state.withLock { state in
            guard state.jobs[id] == nil else { return false }
            state.jobs[id] = Entry(holder: holder, isDetached: isDetached)
            return true
        }
    }

    /// That the job belongs to nobody now.
    func detach(_ id: JobID) { state.withLock { $0.jobs[id]?.isDetached = true } }

    /// That the job which has a place runs now.
    func started() { onChange() }

    /// Gives the place back.
    func end(_ id: JobID) {
        state.withLock { $0.jobs[id] = nil }
        onChange()
    }

    /// What the holder runs that ends with its leave.
    func foreground(of holder: Holder) -> [JobID] {
        state.withLock { state in
            state.jobs.filter { $0.value.holder == holder && !$0.value.isDetached }.map(\.key)
        }
    }

    private static func tooMany(_ limit: Int) -> KithError {
        KithError(.limited, "\(limit) commands are running already.", hint: "Wait for one to end.")
    }

    private static func tooOften(_ limit: Int) -> KithError {
        KithError(.limited, "\(limit) commands were started within a minute.", hint: "Wait a minute.")
    }
}
