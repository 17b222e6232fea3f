import CLinux
import Dispatch
import Glibc
import KithAPI

/// A running process, its group and its pipes.
///
/// It runs on after the last reference to it is gone, until it ends or is ended: whoever started it
/// answers for its end. Output is read only as fast as it is taken.
public actor ChildProcess {
    /// Its number, which is its session's and its group's too.
    public nonisolated let processID: Int32

    let loop: DescriptorLoop
    let limits: KeeperLimits
    let startedAt: ContinuousClock.Instant
    let handle: Int32
    let onFinish: @Sendable () -> Void
    var life = ChildLife()
    var exit: ProcessEnd?
    var wasEnded = false
    var timedOut = false
    var endGrace: Duration
    var groupChecks = 0

    var output: OutputBuffer
    var outputs: [OutputPipe] = []
    var input: InputPipe?
    var handleWatch: DescriptorLoop.Watch?
    var timers: [TimerName: DescriptorLoop.Timer] = [:]

    var outputTaker: CheckedContinuation<Output?, Never>?
    var inputWriters: [CheckedContinuation<Bool, Never>] = []
    var endWaiters: [CheckedContinuation<ProcessEnd, Never>] = []

    enum TimerName: Sendable { case timeout, grace, linger, group }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ spawned: Spawned, on loop: DescriptorLoop, limits: KeeperLimits, onFinish: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.limits = limits
        endGrace = limits.grace
        self.onFinish = onFinish
        processID = spawned.processID
        handle = spawned.handle
        startedAt = spawned.startedAt
        output = OutputBuffer(limit: limits.outputBuffer)
        input = spawned.input >= 0 ? InputPipe(descriptor: spawned.input) : nil
    }

    /// The next bytes it wrote, both streams in their order of arrival; nil when there are no more.
    ///
    /// While nobody asks, at most ``KeeperLimits/outputBuffer`` of each stream is held and the process
    /// waits. One caller at a time; a second one is told nil.
    public func nextOutput() async -> Output? {
        if let piece = output.take() {
            resumeOutputs()
            return piece
        }
        guard !outputs.isEmpty, outputTaker == nil else { return nil }
        return await withCheckedContinuation { outputTaker = $0 }
    }

    /// Brings bytes to its standard input; waits while more than ``KeeperLimits/inputBuffer`` is unread.
    ///
    /// - Returns: false when nobody will read them: it closed its input, or ended.
    @discardableResult
    public func write(_ bytes: [UInt8]) async -> Bool {
        guard input != nil, input?.closesWhenWritten == false else { return false }
        input?.append(bytes)
        flushInput()
        guard let waiting = input?.waiting else { return false }
        guard waiting > limits.inputBuffer else { return true }
        return await withCheckedContinuation { inputWriters.append($0) }
    }

    /// Closes its standard input behind what has been written.
    public func closeInput() {
        input?.closesWhenWritten = true
        flushInput()
    }

    /// Sends a signal to its whole group. Nothing happens once it has ended.
    public func signal(_ number: Int32) {
        guard !life.isFinished else { return }
        kill(-processID, number)
    }

    /// Ends the whole group: TERM, KILL after `grace` (``KeeperLimits/grace`` unless given); returns when
    /// it is reaped.
    @discardableResult
    public func end(grace: Duration? = nil) async -> ProcessEnd {
        beginEnd(grace: grace ?? limits.grace)
        return await finished()
    }

    /// As ``end(grace:)``, without waiting. For handlers of cancellation.
    public nonisolated func requestEnd() {
        loop.perform { self.assumeIsolated { $0.beginEnd(grace: $0.limits.grace) } }
    }

    /// How it ended, when it has and is reaped and its pipes are closed.
    public func finished() async -> ProcessEnd {
        if life.isFinished, let exit { return exit }
        return await withCheckedContinuation { endWaiters.append($0) }
    }
}
