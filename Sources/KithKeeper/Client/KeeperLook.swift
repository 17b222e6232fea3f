import CLinux
import Glibc
import KithAPI

/// A look at the keeper of a folder from outside: nothing is started, and nobody waits long.
public enum KeeperLook: Sendable, Equatable {
    /// There is none; the next job starts one.
    case absent
    /// It answers, and so many jobs run in it.
    case answers(running: Int)
    /// It is there and does not answer.
    case silent(process: Int32)

    /// Looks at the keeper of `folder`, for as long as `patience`.
    public static func at(_ folder: String, patience: Duration = .seconds(2)) async -> KeeperLook {
        let place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard place >= 0 else { return .absent }
        defer { close(place) }
        let descriptor = kith_connect(place, KeeperServer.socketName)
        guard descriptor >= 0 else { return .absent }
        let process = listener(of: descriptor)
        guard let loop = try? DescriptorLoop.shared.get(), let link = try? KeeperLink(descriptor, on: loop) else {
            return .silent(process: process)
        }
        let (answers, answer) = AsyncStream.makeStream(of: KeeperLook.self, bufferingPolicy: .bufferingOldest(1))
        Task {
            let running = try? await link.ask(KeeperQuestion(.hello)).running
            answer.yield(running.map { .answers(running: $0) } ?? .silent(process: process))
        }
        Task {
            try? await Task.sleep(for: patience)
            // The reader who waits for nothing is let go.
            link.hangUp()
            answer.yield(.silent(process: process))
        }
        return await answers.first { _ in true } ?? .silent(process: process)
    }

    /// The process that listens, as the kernel knows it.
    private static func listener(of descriptor: Int32) -> Int32 {
        // `struct ucred`, which glibc shows to GNU sources only: process, user, group.
        var credentials: (Int32, UInt32, UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return 0 }
        return credentials.0
    }
}
