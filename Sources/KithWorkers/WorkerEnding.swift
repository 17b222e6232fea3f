import FoundationEssentials
import Glibc
import KithAPI
import KithClient
import KithKeeper

/// Ends the daemon of a worker, and what runs in it, so that nothing is left.
struct WorkerEnding: Sendable {
    /// How long it has for a graceful end, for one after a TERM, and its keeper to leave.
    private static let grace = Duration.seconds(12)
    private static let shortGrace = Duration.seconds(4)

    let place: WorkerPlace
    /// Its daemon; nil if that has ended already.
    let process: WorkerProcess?

    /// Returns when the process has ended.
    func run(endsJobs: Bool) async {
        guard let process else { return }
        let client = KithClient(socket: place.own.socket)
        let request = StopNode(endsJobs: endsJobs ? true : nil)
        _ = await Deadline.within(Self.grace) { try await client.call(request) }
        if await hasEnded(process, within: Self.shortGrace) { return }
        process.signal(SIGTERM)
        if await hasEnded(process, within: Self.shortGrace) { return }
        process.signal(SIGKILL)
        await process.ended()
    }

    /// Ends the commands that its keeper holds for a daemon that has ended, and the keeper with them.
    func endJobs(program: String) async {
        let jobs = place.folder + "/jobs"
        guard access(jobs + "/keeper.sock", F_OK) == 0, let keeper = try? KeeperClient(folder: jobs, program: program)
        else { return }
        _ = await Deadline.within(Self.grace) { try await keeper.stopAll() }
        await keeper.close()
        let socket = jobs + "/keeper.sock"
        _ = await Deadline.within(Self.shortGrace) {
            while access(socket, F_OK) == 0 { try await Task.sleep(for: .milliseconds(10)) }
        }
    }

    private func hasEnded(_ process: WorkerProcess, within span: Duration) async -> Bool {
        let end = await Deadline.within(span) { await process.ended() }
        return (end ?? nil) != nil
    }
}
