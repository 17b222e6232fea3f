import CLinux
import FoundationEssentials
import Glibc
import KithAPI
import KithClient
import Synchronization

/// The daemon of one worker, held by a handle of the kernel's that never means another process.
final class WorkerProcess: Sendable {
    /// How it ended.
    enum End: Sendable, Equatable {
        case code(Int32), signal(Int32)
        /// It was somebody else's child.
        case unknown
    }

    let id: Int32
    let address: Address?
    let since: Date
    private let handle: Int32
    private let known = Mutex<End?>(nil)

    init(id: Int32, handle: Int32, address: Address?, since: Date) {
        (self.id, self.handle, self.address, self.since) = (id, handle, address, since)
    }

    deinit { close(handle) }

    /// Returns when it has ended, or the task is cancelled; nil if it runs.
    @discardableResult
    func ended() async -> End? {
        while !Task.isCancelled {
            if let end = reap() { return end }
            await Poller.shared.readable(handle)
        }
        return reap()
    }

    /// Asks it to end, by a signal.
    func signal(_ number: Int32) { kith_signal_handle(handle, number) }

    /// How it has ended, if it has; nothing is left of it then.
    private func reap() -> End? {
        known.withLock { known in
            if let known { return known }
            var watched = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 0) > 0 else { return nil }
            var (code, signal): (Int32, Int32) = (-1, -1)
            switch kith_wait(handle, 1, &code, &signal) {
            case 0: known = code >= 0 ? .code(code) : .signal(signal)
            case EAGAIN: return nil
            default: known = .unknown
            }
            return known
        }
    }
}

extension WorkerProcess.End: CustomStringConvertible {
    var description: String {
        switch self {
        case .code(let code): "Its daemon ended with code \(code)."
        case .signal(let signal): "Its daemon was ended by signal \(signal)."
        case .unknown: "Its daemon has ended."
        }
    }
}
