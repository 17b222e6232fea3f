import CLinux
import FoundationEssentials
import Glibc
import KithAPI
import KithClient
import KithTrust

/// The folder of one worker below its parent's, and what stands there. Everything blocks on the disk.
struct WorkerPlace: Sendable {
    let name: PeerName
    let parent: Folders
    let own: Folders

    /// - Throws: ``KithError`` `config.invalid` never, in truth: the parent's folder is absolute.
    init(_ name: PeerName, of parent: Folders, temporary: String) throws(KithError) {
        self.name = name
        self.parent = parent
        own = try Folders(
            environment: ["KITH_HOME": Self.sessions(parent) + "/" + name.text, "TMPDIR": temporary], userID: geteuid())
    }

    static func sessions(_ parent: Folders) -> String { parent.data + "/sessions" }

    var folder: String { own.data }

    /// Makes the folder, says whose worker lives there, and makes its key if it has none.
    func prepare(now: Date) throws -> Certificate {
        try PrivateFolder.prepare(Self.sessions(parent))
        try PrivateFolder.prepare(folder)
        try PrivateFolder.prepare(own.logs)
        let descent = Descent(name, of: parent)
        if try Descent.read(in: folder) != descent { try descent.write(in: folder) }
        return try Identity.loadOrCreate(in: folder + "/identity", name: name, now: now).certificate
    }

    /// Whether a daemon holds the folder, whether or not it answers.
    var isHeld: Bool { own.isHeld }

    /// The process that holds the folder, as it says itself.
    var holder: Int32? { own.holder }

    /// Takes away what a daemon that has ended leaves: its lock, its socket and their folder.
    func tidy() {
        guard !isHeld else { return }
        for path in [own.socket, own.lock, folder + "/jobs/keeper.sock"] { unlink(path) }
        rmdir(own.runtime)
    }

    /// Removes everything of the worker. Its daemon has ended.
    func remove() throws(KithError) {
        tidy()
        let sessions = open(Self.sessions(parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard sessions >= 0 else { return }
        defer { close(sessions) }
        kith_remove_tree(sessions, name.text)
        guard access(folder, F_OK) != 0 else {
            throw KithError(.fileIO, "Not all of \(folder) could be removed.", hint: "Remove it by hand.")
        }
    }

    /// The last lines of the worker's log from `offset` on, at most 2 KiB, on one line.
    func logEnd(after offset: Int) -> String {
        let descriptor = open(log, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 2_048)
        let begin = max(offset, Int(lseek(descriptor, 0, SEEK_END)) - bytes.count)
        let count = pread(descriptor, &bytes, bytes.count, begin)
        let lines = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
        return lines.suffix(4).joined(separator: " | ")
    }

    var log: String { own.logs + "/daemon.log" }
}
