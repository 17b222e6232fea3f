import CLinux
import Glibc
public import KithAPI

/// What this machine can do of it.
extension Confinement {
    /// Why `sandbox` cannot be had here; nil if it can. Asks the kernel, and never runs anything unfenced.
    public static func lack(of sandbox: SandboxProfile) -> KithError? {
        switch sandbox {
        case .none: nil
        case .workspace: kith_landlock_version() >= Landlock.needed ? nil : oldKernel
        case .container: Bubblewrap.path == nil ? Bubblewrap.missing : nil
        }
    }

    private static let oldKernel = KithError(
        .unavailable, "The workspace sandbox needs Landlock as Linux 6.12 has it, and this kernel has less.",
        hint: "Its owner can give `--sandbox container` instead, or start a newer kernel.")

    /// Removes what commands that have ended left in the kernel.
    public static func sweep() { ControlGroup.sweep() }
}

/// A fresh folder for the temporary files of one command.
public enum TemporaryFolder {
    /// Makes one below `parent`, for this user only; its path has no links.
    ///
    /// - Throws: ``KithError`` `unavailable`.
    public static func make(below parent: String) throws(KithError) -> String {
        var template = Array("\(parent)/kith-job-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template), let path = realpath(made, nil) else {
            throw KithError(.unavailable, "No temporary folder can be made in \(parent): \(Errno(code: errno).text).")
        }
        defer { free(path) }
        return String(cString: path)
    }

    /// Removes one with all that is in it, following no link. A folder that was not made here is left alone.
    public static func remove(_ path: String) {
        guard let slash = path.lastIndex(of: "/"), path[slash...].hasPrefix("/kith-job-") else { return }
        let parent = open(String(path[..<slash]), kith_o_path | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard parent >= 0 else { return }
        defer { close(parent) }
        _ = kith_remove_tree(parent, String(path[path.index(after: slash)...]))
    }
}
