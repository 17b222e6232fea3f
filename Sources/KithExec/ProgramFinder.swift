import Glibc

/// Looks programs up as a shell does. Reads the disk: never on the cooperative pool.
struct ProgramFinder: Sendable {
    /// A program that is there.
    struct Program: Sendable, Equatable {
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
    func find(_ name: String, in folder: String) -> Program? {
        guard !name.contains("/") else {
            return Self.program(at: name.hasPrefix("/") ? name : folder + "/" + name)
        }
        guard !name.isEmpty, name != ".", name != ".." else { return nil }
        let found = path.lazy.compactMap { Self.program(at: $0 + "/" + name) }
        return found.first(where: \.isExecutable) ?? found.first
    }

    private static func program(at path: String) -> Program? {
        guard let file = resolve(path), let slash = path.lastIndex(of: "/"),
            let folder = resolve(String(path[...slash]))
        else { return nil }
        let name = path[path.index(after: slash)...]
        let isDirect = !name.isEmpty && name != "." && name != ".."
        let place = isDirect ? (folder == "/" ? "" : folder) + "/" + name : file
        return Program(path: path, place: place, file: file, isExecutable: isExecutable(file))
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func isExecutable(_ file: String) -> Bool {
        var status = stat()
        return stat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(file, X_OK) == 0
    }
}
