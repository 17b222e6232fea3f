import Foundation
import Glibc
import KithAPI
import KithClient

extension Home {
    /// Removes the socket of a daemon that is gone, and nothing else that stands in its place. Only for whoever is not
    /// the daemon.
    func removeLeftovers() -> [Finding] {
        var facts = stat()
        guard HomeModes.isOurs(folders.runtime), lstat(folders.socket, &facts) == 0,
            facts.st_mode & S_IFMT == S_IFSOCK, !folders.isHeld
        else { return [] }
        guard unlink(folders.socket) == 0 else {
            return [Finding("socket", .failed, "\(folders.socket): \(String(cString: strerror(errno))).")]
        }
        return [Finding("socket", .ok, "\(folders.socket), which a dead daemon left, was removed.")]
    }
}
