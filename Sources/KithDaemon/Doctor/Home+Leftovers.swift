import Foundation
import Glibc
import KithAPI
import KithClient

extension Home {
    /// Removes the socket of a daemon that is gone. Only for whoever is not the daemon.
    func removeLeftovers() -> [Finding] {
        guard access(folders.socket, F_OK) == 0, !folders.isHeld else { return [] }
        guard unlink(folders.socket) == 0 else {
            return [Finding("socket", .failed, "\(folders.socket): \(String(cString: strerror(errno))).")]
        }
        return [Finding("socket", .ok, "\(folders.socket), which a dead daemon left, was removed.")]
    }
}
