import Glibc
import KithAPI

/// The words with which bubblewrap (`bwrap`) makes name spaces for a command: its own processes, no network, and a
/// file system in which only its folders can be changed.
struct Bubblewrap {
    /// Where Debian's package puts it.
    static let paths = ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"]

    let confinement: Confinement

    init(_ confinement: Confinement) { self.confinement = confinement }

    /// Where it is; nil if it is not installed.
    static var path: String? { paths.first { access($0, X_OK) == 0 } }

    /// Its path, its own name and all its words; the last of them start `confined`.
    func words(_ confined: Confined) throws(KithError) -> [String] {
        guard let path = Self.path else { throw Self.missing }
        let own = try Self.ownProgram()
        var words = [path, "bwrap", "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"]
        words += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
        words += ["--tmpfs", "/tmp", "--tmpfs", "/run", "--tmpfs", "/var/tmp"]
        words += confinement.denied.flatMap(Self.hide)
        words += confinement.writable.flatMap { ["--bind", $0, $0] }
        words += ["--ro-bind", own, Self.ownPlace]
        if let folder = confinement.folder { words += ["--chdir", folder] }
        return words + ["--", Self.ownPlace, Confinement.command] + inside.words
            + ["--", confined.program] + confined.arguments
    }

    /// Where the trampoline stands in the container.
    private static let ownPlace = "/run/kith-confine"

    /// What is left to do inside.
    private var inside: Confinement {
        var inside = Confinement(sandbox: .workspace, program: confinement.program)
        inside.isInContainer = true
        return inside
    }

    /// Nothing stands where a secret stands; what is not there needs no cover.
    private static func hide(_ place: String) -> [String] {
        var status = stat()
        guard lstat(place, &status) == 0 else { return [] }
        return status.st_mode & S_IFMT == S_IFDIR
            ? ["--tmpfs", place, "--remount-ro", place] : ["--ro-bind", "/dev/null", place]
    }

    private static func ownProgram() throws(KithError) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw KithError(.unavailable, "/proc is not there, which a container needs.") }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Says what to install.
    static let missing = KithError(
        .unavailable, "The container sandbox needs bubblewrap, which is not installed here.",
        hint: "Its owner can install it: `apt install bubblewrap`.")
}
