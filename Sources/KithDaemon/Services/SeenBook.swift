import Foundation
import Glibc
import KithAPI

/// When each peer last answered, across restarts: an empty file per peer, whose time it is.
struct SeenBook: Sendable {
    /// The folder; made 0700 with the first note.
    let folder: String

    /// Notes that `id` answered at a moment. It matters too little to fail anything.
    func note(_ id: PeerID, at date: Date) {
        mkdir(folder, 0o700)
        let file = open(path(id), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        let time = timespec(tv_sec: Int(date.timeIntervalSince1970), tv_nsec: 0)
        futimens(file, [time, time])
    }

    /// When it last answered; nil if that was never noted.
    func last(_ id: PeerID) -> Date? { Disk.modified(path(id)) }

    /// Forgets a peer that was removed.
    func forget(_ id: PeerID) { unlink(path(id)) }

    private func path(_ id: PeerID) -> String { "\(folder)/\(id.text)" }
}
