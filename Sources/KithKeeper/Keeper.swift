import Dispatch
import Glibc
public import KithAPI
import Synchronization

/// Starts processes and holds them until they have ended.
///
/// Makes this process ignore SIGPIPE: writing to a child that has closed its input is an answer, not
/// an end. Children start with default signals all the same.
public final class Keeper: Sendable {
    private struct State {
        var children: [Int32: ChildProcess] = [:]
        var isStopping = false
    }

    private let loop: DescriptorLoop
    private let limits: KeeperLimits
    private let state = Mutex(State())
    private let launches = DispatchQueue(label: "kith.keeper.launches", qos: .userInitiated, attributes: .concurrent)

    /// A keeper of nothing yet.
    ///
    /// - Throws: ``KithError`` `unavailable` where the kernel has no descriptors left.
    public init(limits: KeeperLimits = KeeperLimits()) throws(KithError) {
        loop = try DescriptorLoop.shared.get()
        self.limits = limits
        signal(SIGPIPE, SIG_IGN)
    }

    /// How many processes run.
    public var count: Int { state.withLock { $0.children.count } }

    /// Starts a process.
    ///
    /// - Throws: ``LaunchFailure`` where the kernel refuses; ``KithError`` `limited` where it cannot be
    ///   watched, `unavailable` after ``stop(grace:)``.
    public func start(_ launch: Launch) async throws -> ChildProcess {
        let (child, spawned) = try await withCheckedThrowingContinuation { continuation in
            launches.async { continuation.resume(with: Result { try self.spawn(launch) }) }
        }
        do {
            try await child.begin(spawned, launch)
        } catch {
            launches.async { spawned.abandon() }
            throw error
        }
        return child
    }

    /// Starts nothing more, and ends all that runs, each as ``ChildProcess/end(grace:)``; returns when they
    /// are reaped.
    public func stop(grace: Duration? = nil) async {
        state.withLock { $0.isStopping = true }
        await launchesUnderWay()
        let running = state.withLock { Array($0.children.values) }
        await withTaskGroup(of: Void.self) { group in
            for child in running { group.addTask { await child.end(grace: grace) } }
        }
    }

    /// Blocks until the process runs; on the queue of launches, so that ``stop(grace:)`` can wait for it.
    private func spawn(_ launch: Launch) throws -> (ChildProcess, Spawned) {
        guard !state.withLock({ $0.isStopping }) else { throw KithError(.unavailable, "This node is stopping.") }
        let spawned = try Spawned(launch)
        let child = ChildProcess(spawned, on: loop, limits: limits) { [weak self] in
            self?.state.withLock { $0.children[spawned.processID] = nil }
        }
        state.withLock { $0.children[spawned.processID] = child }
        return (child, spawned)
    }

    private func launchesUnderWay() async {
        await withCheckedContinuation { continuation in
            launches.async(flags: .barrier) { continuation.resume() }
        }
    }
}
