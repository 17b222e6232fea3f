import CLinux
import FoundationEssentials
import Glibc
import KithAPI

/// A job that runs, or whose end its leader has not confirmed yet: its process, its pipes, its output.
@OnLoop final class KeptJob {
    let id: JobID
    let folder: JobFolder
    let source: OutputSource
    let processID: Int32
    let handle: Int32
    let startedAt: ContinuousClock.Instant
    private(set) var meta: JobFolder.Meta
    var isDetached: Bool
    let server: KeeperServer
    let limits: KeeperLimits

    var life = ChildLife()
    var exit: ProcessEnd?
    var wasEnded = false
    var timedOut = false
    var endGrace: Duration
    /// Its processes and their starts, once somebody asked for its end.
    var members: [Int32: UInt64] = [:]
    var isAsked = false
    var checks = 0
    private(set) var startIsWritten = false
    private(set) var isWritten = false

    /// What is on the screen, if it lives on when its clients leave.
    private(set) var terminal: KeptTerminal?
    var outputs: [OutputPipe] = []
    var input: InputPipe?
    var inputTaken = 0
    var feeders: [ServerConnection] = []
    var waiters: [ServerConnection] = []
    var handleWatch: DescriptorLoop.Watch?
    var timers: [TimerName: DescriptorLoop.Timer] = [:]

    enum TimerName: Sendable { case timeout, grace, linger, check, folder }

    init(_ spawned: Spawned, _ launch: Launch, of server: KeeperServer) {
        id = launch.id
        self.server = server
        limits = server.limits
        folder = JobFolder(launch.id, in: server.path)
        source = OutputSource(
            id: launch.id, log: OutputLog(folder: folder.path, limits: limits), lead: limits.lead)
        processID = spawned.processID
        handle = spawned.handle
        startedAt = spawned.startedAt
        isDetached = launch.isDetached
        endGrace = limits.grace
        input = spawned.input >= 0 ? InputPipe(descriptor: spawned.input) : nil
        meta = JobFolder.Meta(
            note: Data(launch.note), terminal: launch.terminal, startedAt: Date().milliseconds,
            isDetached: launch.isDetached, program: launch.program, process: spawned.processID,
            processStart: 0, boot: server.boot)
    }

    /// Whether its end is known.
    var isFinished: Bool { life.isFinished }

    /// Begins to watch the process and to feed it.
    func begin(_ spawned: Spawned, _ launch: Launch) throws(KithError) {
        source.onPace = { [weak self] in self?.resumeOutputs() }
        if let size = launch.terminal, launch.isDetached { terminal = KeptTerminal(size, of: self) }
        handleWatch = try server.loop.watch(handle, for: .readable) { [self] in leaderExited() }
        try watch(spawned.output, as: .standardOutput)
        if spawned.error >= 0 { try watch(spawned.error, as: .standardError) }
        if let timeout = launch.timeout { start(.timeout, after: timeout) { $0.timeElapsed() } }
        guard case .bytes(let bytes) = launch.input else { return }
        take(bytes)
        closeInput()
    }

    /// Stops watching what could not be watched in whole.
    func abandon() {
        for watch in [handleWatch].compactMap({ $0 }) + outputs.map(\.watch) { server.loop.forget(watch) }
        (outputs, input) = ([], nil)
        life.abandon()
    }

    private func watch(_ descriptor: Int32, as stream: Output.Stream) throws(KithError) {
        let watch = try server.loop.watch(descriptor, for: .readable) { [self] in outputArrived(stream) }
        outputs.append(OutputPipe(stream: stream, watch: watch))
    }

    /// What is known of it.
    var record: JobRecord {
        JobRecord(
            id: id, note: Array(meta.note), terminal: meta.terminal, startedAt: Date(milliseconds: meta.startedAt),
            isDetached: isDetached, state: state, outputBytes: source.log.cursor, inputTaken: inputTaken,
            followers: source.followers.count + (terminal?.count ?? 0))
    }

    private var state: JobRecord.State {
        guard isFinished, let exit else { return .running }
        return .ended(exit)
    }

    /// Writes its start down; a disk that takes nothing keeps no job from running: it is only not found
    /// again by the next keeper.
    func writeStart() {
        guard !startIsWritten else { return }
        startIsWritten = true
        source.onBegin = nil
        meta.processStart = kith_process_start(processID)
        if folder.create() { folder.write(meta) }
    }

    /// As ``writeStart()``, when it has written something or not ended soon: a command that belongs to its
    /// leader and says nothing never touches the disk.
    func writeStartSoon() {
        guard !isDetached else { return writeStart() }
        source.onBegin = { [weak self] in self?.writeStart() }
        start(.folder, after: .milliseconds(100)) { $0.writeStart() }
    }

    /// Writes its end down. On a full disk it is worth more than the last of the output.
    func writeEnd() {
        guard !isWritten, isFinished else { return }
        writeStart()
        let end = JobFolder.End(
            end: exit, isDetached: isDetached, outputBytes: source.log.cursor, inputTaken: inputTaken,
            endedAt: Date().milliseconds)
        isWritten = folder.write(end) || (source.log.giveUpLast() && folder.write(end))
    }
}
