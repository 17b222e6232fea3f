import Glibc
import KithAPI

/// A folder of ours (mode 0700), and what is done to the names in it. Every call blocks.
struct PrivateFolder {
    /// Where it is.
    let path: String

    /// Makes the folder if it is missing; its parent must be there.
    init(_ path: String) throws {
        self.path = path
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw KithError(errno: errno, "Making \(path)") }
    }

    /// The path of `name` in the folder.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// How many bytes `name` has; nil if it is not there. Links, folders and devices are refused.
    func size(of name: String) throws -> Int? {
        var status = stat()
        guard lstat(file(name), &status) == 0 else {
            if errno == ENOENT { return nil }
            throw KithError(errno: errno, "Looking at \(file(name))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw KithError(
                .fileIO, "\(file(name)) is not a plain file.",
                hint: "Put the file itself there; links are not followed.")
        }
        return Int(status.st_size)
    }

    /// Renames within the folder; whatever had the new name is gone.
    func rename(_ name: String, to newName: String) throws {
        guard Glibc.rename(file(name), file(newName)) == 0 else {
            throw KithError(errno: errno, "Renaming \(file(name))")
        }
    }

    /// Removes `name` if it is there.
    func remove(_ name: String) throws {
        guard unlink(file(name)) == 0 || errno == ENOENT else {
            throw KithError(errno: errno, "Removing \(file(name))")
        }
    }

    /// Returns once new and changed names are on the disk.
    func synchronize() throws {
        try Descriptor(path, O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// Puts `bytes` under `name`, whole or not at all, and on the disk before it returns.
    func replace(_ name: String, with bytes: [UInt8]) throws {
        let draft = try Descriptor(file(name + ".new"), O_WRONLY | O_CREAT | O_TRUNC)
        try draft.makePrivate()
        try draft.write(bytes)
        try draft.synchronize()
        try rename(name + ".new", to: name)
        try synchronize()
    }
}
