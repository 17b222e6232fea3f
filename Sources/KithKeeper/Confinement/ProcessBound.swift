import CLinux
import Glibc
import KithAPI

/// How many processes and threads a command may have.
///
/// A control group counts exactly those of the command; only root can make one without further ado. For everybody
/// else the kernel counts all of the user's, so what runs already is added. It does not count root's at all: root
/// without control groups is refused, never unbounded.
struct ProcessBound {
    private static let attempts = 20

    let count: Int

    /// Bounds this process and all that it starts.
    func apply() throws(KithError) {
        // Whoever sweeps up takes an empty group away, also one that was just made: then again.
        for _ in 0..<Self.attempts {
            guard let group = ControlGroup.make() else { break }
            if group.write("\(count)", to: "pids.max"), group.write("0", to: "cgroup.procs") { return }
            group.remove()
        }
        guard getuid() != 0 else {
            throw KithError(.unavailable, "this machine has no control groups to bound root's processes with.")
        }
        let running = kith_count_processes()
        guard running >= 0, kith_bound_processes(UInt64(running) + UInt64(count)) == 0 else {
            throw KithError(.unavailable, "the kernel refused to bound its processes.")
        }
    }
}

/// A folder of the kernel's that counts processes; removed when nobody is in it any more.
struct ControlGroup {
    private static let prefix = "kith-"
    /// Where groups can be made: the first version of the interface, then the second.
    private static let roots = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"]

    private let path: String

    /// A new group; nil where this process cannot make one that counts.
    static func make() -> ControlGroup? {
        for root in roots {
            let group = ControlGroup(path: "\(root)/\(prefix)\(getpid())")
            guard mkdir(group.path, 0o700) == 0 || errno == EEXIST else { continue }
            if access(group.path + "/pids.max", W_OK) == 0 { return group }
            group.remove()
        }
        return nil
    }

    /// Removes the groups whose processes have all ended.
    static func sweep() {
        for root in roots {
            guard let entries = opendir(root) else { continue }
            defer { closedir(entries) }
            while let entry = readdir(entries) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name.hasPrefix(prefix) { rmdir("\(root)/\(name)") }
            }
        }
    }

    func remove() { rmdir(path) }

    func write(_ text: String, to file: String) -> Bool {
        let descriptor = open("\(path)/\(file)", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count
    }
}
