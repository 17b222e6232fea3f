import CLinux
import FoundationEssentials
import Glibc
import KithAPI
import KithClient

/// Looks for the daemon of a worker that runs already, after its parent has died: by its socket and its lock.
struct WorkerSearch: Sendable {
    private static let answerTime = Duration.seconds(5)
    /// How long one that holds its lock may take to answer at its socket.
    static let patience = Duration.seconds(10)

    let place: WorkerPlace
    /// The address that it may be bound to.
    let host: String
    var patience = Self.patience

    /// The worker's daemon, if it runs, answers, and listens no more widely than its parent; otherwise nothing of it
    /// runs afterwards.
    func run() async throws -> WorkerProcess? {
        guard let (process, version) = try await find() else { return nil }
        return try await fitting(process, version)
    }

    /// The worker's daemon, if it runs and answers; otherwise nothing of it runs afterwards.
    func anyProcess() async throws -> WorkerProcess? { try await find()?.process }

    private typealias Found = (process: WorkerProcess, version: String)

    private func find() async throws -> Found? {
        let deadline = ContinuousClock.now + patience
        repeat {
            if let found = await answering() { return found }
            guard try await OffPool.run({ place.isHeld }) else { return nil }
            try await Task.sleep(for: .milliseconds(100))
        } while ContinuousClock.now < deadline
        try await endSilent()
        return nil
    }

    private var client: KithClient { KithClient(socket: place.own.socket) }

    /// Who answers at the socket. The handle is opened before the answer is asked for, so the process that gives it is
    /// the one behind the handle.
    private func answering() async -> Found? {
        guard let id = try? await client.daemonProcess() else { return nil }
        let handle = kith_open_process(id)
        guard handle >= 0 else { return nil }
        let (client, folder) = (client, place.folder)
        let status = await Deadline.within(Self.answerTime) { try await client.call(GetStatus()) }
        guard let status, status.pid == Int(id), status.dataFolder == folder else {
            close(handle)
            return nil
        }
        let since = Date() - TimeInterval(status.uptime)
        let process = WorkerProcess(id: id, handle: handle, address: status.listening.first, since: since)
        return (process, status.version)
    }

    /// One that was started when its parent listened elsewhere, or was of another version, is started anew; its jobs go
    /// on.
    private func fitting(_ process: WorkerProcess, _ version: String) async throws -> WorkerProcess? {
        guard process.address?.host != host || version != Version.text else { return process }
        await WorkerEnding(place: place, process: process).run(endsJobs: false)
        return nil
    }

    /// It holds its lock and says nothing. What the lock says may be of an earlier holder, so only a process that has
    /// the lock's file open is ended.
    private func endSilent() async throws {
        guard let id = place.holder else { return }
        let handle = kith_open_process(id)
        guard handle >= 0 else { return }
        let process = WorkerProcess(id: id, handle: handle, address: nil, since: Date())
        guard place.isHeld, place.holder == id, place.isLockOpen(in: id) else { return }
        process.signal(SIGKILL)
        await process.ended()
    }
}
