import Glibc
import KithAPI
import KithClient

/// Starts and stops the daemon of a session, and waits until it is true.
struct DaemonControl {
    let session: Session

    /// Who answers at the socket; nil where nobody does within two seconds. One that dies at the question is asked
    /// for once more: nobody or its successor answers then.
    func identity() async throws -> NodeIdentity? {
        do {
            return try await answer()
        } catch let error as KithError where error.code == .linkLost {
            return try await answer()
        }
    }

    private func answer() async throws -> NodeIdentity? {
        do {
            return try await within(.seconds(2)) { try await session.client.call(Ping()) }
        } catch let error as KithError where error.code == .daemonNotRunning {
            return nil
        }
    }

    /// Starts the daemon, detached or as its service, and waits at most ten seconds for its first answer.
    func start() async throws -> NodeIdentity {
        let log = try DaemonLog(folder: session.folders.logs)
        if let service = try await EnabledService.find() { return try await start(service, log) }
        let program = try DaemonProgram.find()
        let child = try log.withAppending { descriptor throws(KithError) in
            try program.spawn(["run"], output: descriptor, error: descriptor)
        }
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if let identity = try? await identity() { return identity }
            if let code = child.endCode { throw Self.failed(code, log) }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw KithError(
            .timedOut, "The daemon does not answer ten seconds after its start.",
            hint: "See `kith logs --daemon`.")
    }

    private func start(_ service: EnabledService, _ log: DaemonLog) async throws -> NodeIdentity {
        do {
            try await service.start()
        } catch let error as KithError {
            throw log.complaint.map { KithError(error.code, $0.message, hint: $0.hint) } ?? error
        }
        return try await within(.seconds(10)) { try await session.client.call(Ping()) }
    }

    /// What the exit code of a daemon that did not start means.
    private static let kinds: [Int32: ErrorCode] = [
        65: .storeDamaged, 75: .daemonRunning, 77: .denied, 78: .configInvalid,
    ]

    private static func failed(_ code: Int32, _ log: DaemonLog) -> KithError {
        let kind: ErrorCode = Self.kinds[code] ?? .unavailable
        if let complaint = log.complaint { return KithError(kind, complaint.message, hint: complaint.hint) }
        return KithError(
            kind, "The daemon ended at once with code \(code).",
            hint: code == 78
                ? "Check the configuration with `kith config check`."
                : "See `kith logs --daemon`, or run `kith daemon run`.")
    }

    /// Asks the daemon to stop and waits until it has; answers its process, or nil if none ran.
    ///
    /// A daemon that does not obey within six seconds gets TERM, after a look at whether the process is one.
    func stop(endsJobs: Bool = false) async throws -> Int32? {
        guard let process = try? await session.client.daemonProcess() else {
            if access(session.folders.socket, F_OK) == 0 { _ = try await identity() }
            // A daemon whose socket somebody has removed still holds its home.
            return try await stopHolder()
        }
        if !endsJobs, let service = try await EnabledService.find() {
            try await service.stop()
            // One that was started by hand is not the service's to stop.
            if ProcessLook(process).hasEnded { return process }
        }
        let request = StopNode(endsJobs: endsJobs ? true : nil)
        _ = try? await within(.seconds(endsJobs ? 15 : 2)) { try await session.client.call(request) }
        if try await hasEnded(process, within: .seconds(6)) { return process }
        return try await terminate(process)
    }

    private func stopHolder() async throws -> Int32? {
        guard let process = session.folders.holder else { return nil }
        return try await terminate(process)
    }

    /// Ends a process by a signal, after a look at whether it is a daemon.
    private func terminate(_ process: Int32) async throws -> Int32 {
        guard ProcessLook(process).isDaemon else {
            throw KithError(.conflict, "Process \(process) holds this home but is not kithd, so it gets no signal.")
        }
        session.output.note("kith: the daemon (process \(process)) could not be asked to stop; it gets a TERM signal.")
        kill(process, SIGTERM)
        guard try await hasEnded(process, within: .seconds(6)) else {
            throw KithError(
                .timedOut, "The daemon (process \(process)) does not stop.",
                hint: "Look at `kith logs --daemon`; `kill -9 \(process)` ends it.")
        }
        return process
    }

    private func hasEnded(_ process: Int32, within span: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + span
        while ContinuousClock.now < deadline {
            if ProcessLook(process).hasEnded { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}

/// Runs `work`, and throws `timed_out` if it takes longer than `span`.
func within<Value: Sendable>(_ span: Duration, _ work: @escaping @Sendable () async throws -> Value) async throws
    -> Value
{
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask(operation: work)
        group.addTask {
            try await Task.sleep(for: span)
            throw KithError(
                .timedOut, "The daemon does not answer.",
                hint: "See `kith logs --daemon`; `kith restart` starts it anew.")
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}
