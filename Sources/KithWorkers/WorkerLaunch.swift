import CLinux
import FoundationEssentials
import Glibc
import KithAPI
import KithClient
import KithKeeper

/// Starts the daemon of one worker and waits for its word.
struct WorkerLaunch: Sendable {
    /// How long a daemon may take to answer first: long, for a machine that starts a hundred at once.
    private static let patience = Duration.seconds(30)

    /// The path of `kithd`.
    let program: String
    let scope: ServiceScope
    let environment: [String: String]
    let place: WorkerPlace

    /// - Throws: ``KithError`` `unavailable` with what it said last.
    func run(now: @Sendable () -> Date) async throws -> WorkerProcess {
        let (child, word, logged) = try await OffPool.run { try spawn() }
        defer { close(word) }
        let text = await Deadline.within(Self.patience) { await Self.everything(word) }
        // `ready HOST:PORT`: written when both doors are open.
        guard let text, text.hasPrefix("ready "), text.hasSuffix("\n") else {
            let process = WorkerProcess(id: child.id, handle: child.handle, address: nil, since: now())
            process.signal(SIGKILL)
            let end = await process.ended()
            throw failure(text == nil ? nil : end, place.logEnd(after: logged))
        }
        let address = Address(String(text.dropFirst("ready ".count).dropLast()))
        return WorkerProcess(id: child.id, handle: child.handle, address: address, since: now())
    }

    private func failure(_ end: WorkerProcess.End?, _ log: String) -> KithError {
        let what = end.map(\.description) ?? "Its daemon did not answer within 30 s."
        return KithError(
            .unavailable, log.isEmpty ? what : "\(what) It said: \(log)", hint: "See \(place.log).",
            details: ["worker": place.name.text])
    }

    /// What comes until the other side closes; at most 1 KiB.
    private static func everything(_ descriptor: Int32) async -> String {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 256)
        while bytes.count < 1_024, !Task.isCancelled {
            await Poller.shared.readable(descriptor)
            let count = read(descriptor, &room, room.count)
            guard count > 0 else { break }
            bytes += room[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private typealias Child = (id: Int32, handle: Int32)

    /// Starts it; answers the process, the end of the pipe for its word, and how long its log was.
    private func spawn() throws -> (Child, word: Int32, logged: Int) {
        let log = open(place.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard log >= 0 else { throw Self.refused("The log \(place.log) cannot be written", errno) }
        defer { close(log) }
        var ends: [Int32] = [-1, -1]
        let failure = kith_pipe(&ends)
        guard failure == 0 else { throw Self.refused("No pipe can be made", failure) }
        defer { close(ends[1]) }
        let logged = Int(lseek(log, 0, SEEK_END))
        do {
            return (try start(word: ends[1], log: log), ends[0], logged)
        } catch {
            close(ends[0])
            throw error
        }
    }

    private func start(word: Int32, log: Int32) throws(KithError) -> Child {
        do {
            return try ProgramStart.run(
                scope.words([program, "run"]), environment: environment.merging(["KITH_HOME": place.folder]) { $1 },
                output: word,
                error: log)
        } catch {
            throw Self.refused("`\(program)` cannot be started", error.number)
        }
    }

    private static func refused(_ what: String, _ number: Int32) -> KithError {
        KithError(.unavailable, "\(what): \(String(cString: strerror(number))).", hint: "See `kith doctor`.")
    }
}
