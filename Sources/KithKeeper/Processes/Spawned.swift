import CLinux
import Glibc
import KithAPI

/// A started process and our ends of its pipes; owns them until a ``KeptJob`` does.
struct Spawned: Sendable {
    let processID: Int32
    let handle: Int32
    /// -1 where the process reads `/dev/null`.
    let input: Int32
    let output: Int32
    let error: Int32
    let startedAt: ContinuousClock.Instant

    /// How often a file that someone has just written is tried again, 1 to 32 ms apart.
    private static let retries = 6

    /// What a keeper's processes get and others do not.
    struct Bonds: Sendable {
        /// Whether it is killed when the thread that starts it ends.
        var diesWithThread = false
        /// Whether its environment names its job.
        var isMarked = true
    }

    /// Starts `launch`. Blocks for about half a millisecond.
    init(_ launch: Launch, bonds: Bonds = Bonds()) throws(LaunchFailure) {
        var pipes = PipeSet()
        defer { pipes.closeTheirs() }
        do {
            if let size = launch.terminal {
                try pipes.openTerminal(size)
            } else {
                try pipes.open(withInput: launch.input != .none)
            }
            startedAt = .now
            (processID, handle) = try Self.spawn(launch, pipes, bonds)
        } catch {
            pipes.closeOurs()
            throw error
        }
        (input, output, error) = (pipes.input.ours, pipes.output.ours, pipes.error.ours)
    }

    /// Kills what was started and closes all; for a process that could not be watched. Blocks.
    func abandon() {
        kill(-processID, SIGKILL)
        var code: Int32 = 0
        var signal: Int32 = 0
        var watched = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
        while kith_wait(handle, 1, &code, &signal) == EAGAIN { poll(&watched, 1, -1) }
        for descriptor in [handle, input, output, error] where descriptor >= 0 { close(descriptor) }
    }

    private static func spawn(
        _ launch: Launch, _ pipes: PipeSet, _ bonds: Bonds
    ) throws(LaunchFailure) -> (Int32, Int32) {
        let arguments = CStrings(launch.arguments)
        let environment = CStrings(variables(of: launch, isMarked: bonds.isMarked))
        var started: (process: pid_t, handle: Int32) = (0, -1)
        let failure = launch.program.withCString { program in
            launch.folder.withCString { folder in
                arguments.withPointers { arguments in
                    environment.withPointers { environment in
                        let request = kith_spawn_request(
                            program: program, arguments: arguments, environment: environment, folder: folder,
                            input: pipes.input.theirs, output: pipes.output.theirs, error: pipes.error.theirs,
                            has_terminal: launch.terminal == nil ? 0 : 1,
                            dies_with_thread: bonds.diesWithThread ? 1 : 0,
                            memory: UInt(launch.memory ?? 0) << 20, processes: processLimit(launch),
                            open_files: UInt(OpenFiles.usual))
                        return spawn(request, &started)
                    }
                }
            }
        }
        guard failure == 0 else { throw LaunchFailure(number: failure) }
        return started
    }

    /// The mark stands first, where it is found soonest.
    private static func variables(of launch: Launch, isMarked: Bool) -> [String] {
        let others = launch.environment.filter { $0.key != JobMark.variable }
        let mark = isMarked ? ["\(JobMark.variable)=\(launch.id)"] : []
        return mark + others.map { "\($0.key)=\($0.value)" }.sorted()
    }

    /// The kernel counts all of a user's processes, so those that run now are added.
    private static func processLimit(_ launch: Launch) -> UInt {
        guard let processes = launch.processes else { return 0 }
        return UInt(ProcessTable.now().ourCount + processes)
    }

    /// Tries again while the program is open for writing: a process that another thread is starting holds
    /// a copy of our descriptors until its program runs, that of a file just written among them.
    private static func spawn(_ request: kith_spawn_request, _ started: inout (process: pid_t, handle: Int32)) -> Int32
    {
        var request = request
        for attempt in 0..<retries {
            let failure = kith_spawn(&request, &started.process, &started.handle)
            guard failure == ETXTBSY else { return failure }
            usleep(1000 << attempt)
        }
        return kith_spawn(&request, &started.process, &started.handle)
    }
}

/// The pipes of one process, both ends; -1 where there is none.
private struct PipeSet {
    struct Ends {
        var ours: Int32 = -1
        var theirs: Int32 = -1
    }

    var input = Ends()
    var output = Ends()
    var error = Ends()

    mutating func open(withInput: Bool) throws(LaunchFailure) {
        if withInput {
            let (reading, writing) = try Self.pipe()
            input = Ends(ours: writing, theirs: reading)
        }
        let (reading, writing) = try Self.pipe()
        output = Ends(ours: reading, theirs: writing)
        let (readingErrors, writingErrors) = try Self.pipe()
        error = Ends(ours: readingErrors, theirs: writingErrors)
        for ours in [input.ours, output.ours, error.ours] where ours >= 0 { _ = fcntl(ours, F_SETFL, O_NONBLOCK) }
    }

    /// Both directions of one terminal; what it says on its second output comes with the first.
    mutating func openTerminal(_ size: TerminalSize) throws(LaunchFailure) {
        var ends: [Int32] = [-1, -1]
        let failure = kith_terminal_open(&ends, UInt16(clamping: size.columns), UInt16(clamping: size.rows))
        guard failure == 0 else { throw LaunchFailure(number: failure) }
        output = Ends(ours: ends[0], theirs: ends[1])
        input = try Ends(ours: Self.copy(ends[0]), theirs: Self.copy(ends[1]))
        error = try Ends(theirs: Self.copy(ends[1]))
    }

    private static func copy(_ descriptor: Int32) throws(LaunchFailure) -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw LaunchFailure(number: errno) }
        return copy
    }

    func closeTheirs() { Self.close([input.theirs, output.theirs, error.theirs]) }

    func closeOurs() { Self.close([input.ours, output.ours, error.ours]) }

    private static func pipe() throws(LaunchFailure) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        let failure = kith_pipe(&ends)
        guard failure == 0 else { throw LaunchFailure(number: failure) }
        return (ends[0], ends[1])
    }

    private static func close(_ descriptors: [Int32]) {
        for descriptor in descriptors where descriptor >= 0 { Glibc.close(descriptor) }
    }
}
