import Glibc
import KithAPI

extension KithError {
    /// What the system said about a file of ours, by its error number.
    init(errno number: Int32, _ deed: String) {
        let reason = String(cString: strerror(number))
        switch number {
        case ENOSPC, EDQUOT:
            self.init(.fileNoSpace, "\(deed) failed: \(reason).", hint: "Make room on the disk.")
        case EACCES, EPERM, EROFS:
            self.init(.filePermission, "\(deed) failed: \(reason).", hint: "Check who owns Kith's folders.")
        default:
            self.init(.fileIO, "\(deed) failed: \(reason).", hint: "Check the disk.")
        }
    }
}
