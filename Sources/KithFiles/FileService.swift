public import FoundationEssentials
import KithAPI

/// Lists, sends and receives the files of this machine, within what each caller may touch.
///
/// The owner may touch everything. A peer is held inside the folders of its living `files.read` and
/// `files.write` rules (the home folder where a rule has no scope), and never reaches secrets, start-up files
/// or our own data unless a rule names them. For a peer, what it may not see and what is not there look alike.
public struct FileService: Sendable {
    let home: Home
    let protected: [DiskPath]
    let now: @Sendable () -> Date
    let questions = DiskQueue()
    let slots = Slots()
    /// When a transfer counts as standing still.
    var silence = Pulse.Limits()

    /// The files of the owner whose home folder is at `home`.
    ///
    /// - Parameters:
    ///   - home: an absolute path; what is relative in requests begins here.
    ///   - protected: absolute paths of our own data, closed to peers like `~/.ssh`.
    ///   - now: the time, for expiring rules, durations and the pace of progress.
    public init(home: String, protected: [String], now: @escaping @Sendable () -> Date = { Date() }) {
        self.home = Home(home)
        self.protected = protected.map {
            DiskPath(names: $0.utf8.split(separator: DiskPath.slash).map { FileName($0) })
        }
        self.now = now
    }

    /// What `caller` may touch with `grant`. Looks at the disk.
    func boundary(_ caller: Caller, _ grant: Grant) -> Boundary {
        switch caller {
        case .owner: Boundary(ownerAt: home)
        case .peer(let peer): Boundary(peer.grants, grant, home: home, protected: protected, at: now())
        }
    }
}
