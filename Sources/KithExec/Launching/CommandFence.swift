import Glibc
import KithAPI
import KithKeeper

/// Turns the bounds of a rule into what the trampoline is told. Where there is a sandbox it reads the disk: then never
/// on the cooperative pool.
struct CommandFence: Sendable {
    let node: ExecNode

    /// How `command` is confined, and its fresh temporary folder, if it gets one.
    ///
    /// - Throws: ``KithError`` `unavailable` where this machine cannot do it, `denied` for a folder that holds what
    ///   the fence has to close.
    func confinement(of command: PlannedCommand) throws(KithError) -> (confinement: Confinement, temporary: String?) {
        if let lack = Confinement.lack(of: command.sandbox) { throw lack }
        var confinement = Confinement(
            sandbox: command.sandbox, memory: command.bounds.memory, processes: command.bounds.processes)
        if command.isBound {
            confinement.folder = command.folder
            confinement.program = command.identity
        }
        guard command.sandbox != .none else { return (confinement, nil) }
        confinement.denied = denied
        try check(command.folder, confinement.denied)
        let temporary = try TemporaryFolder.make(below: node.temporary)
        confinement.writable = [command.folder, temporary]
        return (confinement, temporary)
    }

    /// What no fenced command reads: as it is named, and where it really is.
    private var denied: [String] {
        let home = Self.real(node.environment.home)
        let places = PrivatePlaces.inHome.map { "\(home)/\($0)" } + node.protected
        return Set(places.flatMap { [Self.real(Self.parent($0)) + "/" + Self.name($0), Self.real($0)] }).sorted()
    }

    private func check(_ folder: String, _ denied: [String]) throws(KithError) {
        let isSound = denied.allSatisfy { !Self.isBelow($0, folder) && !Self.isBelow(folder, $0) }
        guard isSound, folder != "/" else {
            throw KithError(
                .denied, "A fenced command cannot run in a folder that holds protected places.",
                hint: "Name a folder of its own with `--cwd`.")
        }
    }

    /// The path without links, as far as it exists.
    private static func real(_ path: String) -> String {
        if let real = RealPath.of(path) { return real }
        guard path.utf8.count > 1, path.hasPrefix("/") else { return path }
        let above = real(parent(path))
        return (above == "/" ? "" : above) + "/" + name(path)
    }

    private static func parent(_ path: String) -> String {
        let parent = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        return parent.isEmpty ? "/" : String(parent)
    }

    private static func name(_ path: String) -> Substring {
        path[(path.lastIndex(of: "/") ?? path.startIndex)...].dropFirst()
    }

    private static func isBelow(_ path: String, _ folder: String) -> Bool {
        path.isSame(as: folder) || path.utf8.starts(with: (folder + "/").utf8)
    }
}
