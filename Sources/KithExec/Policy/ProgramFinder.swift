import Glibc

/// Looks programs up as a shell does. Reads the disk: never on the cooperative pool.
struct ProgramFinder: Sendable {
    /// A program that is there.
    struct Program: Sendable, Equatable {
        /// Its absolute path as it was found.
        let path: String
        /// Whether it is a regular file that we may execute.
        let isExecutable: Bool
    }

    /// A program, and what it is in the end.
    struct ResolvedProgram: Sendable, Equatable {
        /// Its absolute path as it was found.
        let path: String
        /// The same place without links among its folders; the last name stays what it is.
        let place: String
        /// The file that it is in the end, with no link left.
        let file: String
        /// Whether it is a regular file that we may execute.
        let isExecutable: Bool

        /// The name in its folder.
        var name: Substring { place[(place.lastIndex(of: "/") ?? place.startIndex)...].dropFirst() }
    }

    /// Absolute folders, first one first.
    let path: [String]

    /// The folders of a `PATH`; relative and empty ones never count.
    init(path: [String]) { self.path = path.filter { $0.hasPrefix("/") } }

    /// The program that `name` means in `folder`, or nil: a name with a slash is a path, any other is
    /// looked up. A file that cannot be executed counts only if nothing else is found.
    ///
    /// One question to the kernel for each folder, and no link is followed by hand.
    func find(_ name: String, in folder: String) -> Program? {
        guard !name.contains("/") else {
            return Self.program(at: name.hasPrefix("/") ? name : folder + "/" + name)
        }
        guard !name.isEmpty, name != ".", name != ".." else { return nil }
        var second: Program?
        for folder in path {
            guard let found = Self.program(at: folder + "/" + name) else { continue }
            if found.isExecutable { return found }
            second = second ?? found
        }
        return second
    }

    /// As ``find(_:in:)``, with where the program really is. Costs more: for policy only.
    func resolve(_ name: String, in folder: String) -> ResolvedProgram? {
        find(name, in: folder).flatMap(Self.resolve)
    }

    /// Where `program` really is; nil if it has gone.
    static func resolve(_ program: Program) -> ResolvedProgram? {
        let path = program.path
        guard let file = RealPath.of(path), let slash = path.lastIndex(of: "/"),
            let folder = RealPath.of(String(path[...slash]))
        else { return nil }
        let name = path[path.index(after: slash)...]
        let isDirect = !name.isEmpty && name != "." && name != ".."
        let place = isDirect ? (folder == "/" ? "" : folder) + "/" + name : file
        return ResolvedProgram(path: path, place: place, file: file, isExecutable: program.isExecutable)
    }

    private static func program(at path: String) -> Program? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Program(path: path, isExecutable: status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0)
    }
}

/// Where a path leads when every link is followed: asked of the kernel, in three calls whatever its depth.
enum RealPath {
    /// The path without links; nil if nothing is there.
    static func of(_ path: String) -> String? {
        let descriptor = open(path, pathOnly | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return slowly(path) }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Where there is no /proc.
    private static func slowly(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// `O_PATH`, which Swift's Glibc module does not show; the same on every machine that we build for.
    private static let pathOnly: Int32 = 0o10000000
}
