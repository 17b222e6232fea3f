import CLinux
import Glibc
import KithAPI

/// The kernel's own fence around files, signals and other processes.
///
/// It only knows what is open, never what is closed. To close a folder, each of its neighbours is opened, and those
/// of every folder above it; the folders on the way themselves cannot be listed, then.
struct Landlock: ~Copyable {
    /// The first version that keeps signals inside.
    static let needed: Int32 = 6

    private let rules: Int32

    /// Rules that open nothing yet.
    init() throws(Errno) {
        let descriptor = kith_landlock_create()
        guard descriptor >= 0 else { throw Errno(code: -descriptor) }
        rules = descriptor
    }

    deinit { Glibc.close(rules) }

    /// Opens everything for reading but `denied`, each with all below it. What is made later beside a denied place
    /// stays closed.
    func openReading(except denied: [String]) throws(Errno) {
        let closed = denied.map { $0.split(separator: "/").map(String.init) }
        try openReading("/", at: AT_FDCWD, closed)
    }

    /// Opens `path` and all below it for reading and changing.
    func openChanging(_ path: String) throws(Errno) {
        try open(path, at: AT_FDCWD, kith_landlock_read | kith_landlock_change)
    }

    /// Opens a device that everybody may write to; one that is not there is left out.
    func openDevice(_ path: String) throws(Errno) {
        do throws(Errno) {
            try open(path, at: AT_FDCWD, kith_landlock_read | kith_landlock_file)
        } catch  where error.code == ENOENT {
            return
        }
    }

    /// Fences this process in.
    consuming func close() throws(Errno) {
        let failure = kith_landlock_close(rules)
        guard failure == 0 else { throw Errno(code: failure) }
    }

    // MARK: The walk

    /// - Parameter closed: the denied places below this folder, as what is left of their paths.
    private func openReading(_ name: String, at parent: Int32, _ closed: [[String]]) throws(Errno) {
        guard !closed.isEmpty else { return try open(name, at: parent, kith_landlock_read) }
        guard !closed.contains([]) else { return }
        let folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return }
        defer { Glibc.close(folder) }
        for child in try Self.names(in: folder) {
            let below = closed.filter { $0.first.map { $0.utf8.elementsEqual(child.utf8) } == true }
            try openReading(child, at: folder, below.map { Array($0.dropFirst()) })
        }
    }

    private func open(_ name: String, at parent: Int32, _ access: UInt64) throws(Errno) {
        let place = openat(parent, name, kith_o_path | O_NOFOLLOW | O_CLOEXEC)
        guard place >= 0 else {
            // Gone since, or not ours to see: then it is not opened either.
            guard parent == AT_FDCWD else { return }
            throw Errno(code: errno)
        }
        defer { Glibc.close(place) }
        var status = stat()
        fstat(place, &status)
        let kind = status.st_mode & S_IFMT
        guard kind != S_IFLNK else { return }
        let failure = kith_landlock_open(rules, place, kind == S_IFDIR ? access : access & kith_landlock_file)
        guard failure == 0 || failure == EBADFD else { throw Errno(code: failure) }
    }

    private static func names(in folder: Int32) throws(Errno) -> [String] {
        guard let entries = fdopendir(dup(folder)) else { throw Errno(code: errno) }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

/// What the kernel refused.
struct Errno: Error {
    let code: Int32

    /// In words.
    var text: String { String(cString: strerror(code)) }
}
