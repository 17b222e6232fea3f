import CLinux
import Glibc
import KithAPI

/// An open folder and where it really is.
struct Folder: Sendable {
    let descriptor: Descriptor
    let path: DiskPath

    /// Opens the folder `name` in this one; never through a link.
    func folder(_ name: FileName) throws(Errno) -> Folder {
        Folder(descriptor: try descriptor.entry(name, O_RDONLY | O_DIRECTORY), path: path.appending(name))
    }

    /// Makes sure that the names in it survive a loss of power.
    func sync() throws(Errno) { try Errno.check(fsync(descriptor.raw)) }
}

extension Boundary {
    /// The folder in which the last part of `request` has its name, and that name; the folder must be there.
    func place(_ request: RequestedPath) throws(KithError) -> (folder: Folder, name: FileName) {
        try admit(request)
        guard let parent = request.path.parent, let name = request.path.name, !name.isStep else {
            throw KithError(.fileIsFolder, "`\(request.path.text)` is a folder.", hint: "End the destination with `/`.")
        }
        do throws(Errno) {
            let folder = try folder(at: parent, for: request.path)
            guard allows(folder.path.appending(name)) else { throw Errno(code: ENOENT) }
            return (folder, name)
        } catch {
            throw explained(error, parent)
        }
    }

    /// The folder that `request` names, which must be there.
    func folder(_ request: RequestedPath) throws(KithError) -> Folder {
        try admit(request)
        do throws(Errno) {
            return try judgedFolder(at: request.path, for: request.path)
        } catch {
            throw explained(error, request.path)
        }
    }

    /// The folder that `request` names; nil if it would have to be made.
    func folderIfThere(_ request: RequestedPath) throws(KithError) -> Folder? {
        do throws(KithError) {
            return try folder(request)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// The folder that `request` names, made if it is missing, with the folders above it.
    func madeFolder(_ request: RequestedPath) throws(KithError) -> Folder {
        try admit(request)
        do throws(Errno) {
            return try make(request.path)
        } catch {
            throw explained(error, request.path)
        }
    }

    /// Lexical, and so the same whether anything is there or not.
    private func admit(_ request: RequestedPath) throws(KithError) {
        guard !isOwner else { return }
        guard !request.climbs, allows(request.path) else { throw Self.refusal(request.path) }
    }

    static func refusal(_ path: DiskPath) -> KithError {
        KithError(
            .denied, "Writing to `\(path.text)` is not granted.",
            hint:
                "Its owner can allow it: `kith peers grant NAME --allow files.write=FOLDER`; without a folder, the home folder."
        )
    }

    private func make(_ path: DiskPath) throws(Errno) -> Folder {
        let (start, missing) = try nearest(to: path)
        return try make(missing, in: start)
    }

    /// The nearest folder that is there, and the names that are missing below it.
    private func nearest(to path: DiskPath) throws(Errno) -> (Folder, missing: [FileName]) {
        var missing: [FileName] = []
        var existing = path
        while true {
            do throws(Errno) {
                return (try folder(at: existing, for: path), missing.reversed())
            } catch {
                guard error.code == ENOENT, let name = existing.name, let parent = existing.parent else { throw error }
                guard missing.count < EntryPath.maximumDepth, !name.isStep else { throw error }
                missing.append(name)
                existing = parent
            }
        }
    }

    private func make(_ names: [FileName], in start: Folder) throws(Errno) -> Folder {
        var folder = start
        guard !names.isEmpty || allows(start.path) else { throw Errno(code: ENOENT) }
        for name in names {
            guard allows(folder.path.appending(name)) else { throw Errno(code: ENOTDIR) }
            let made = name.bytes.withPath { mkdirat(folder.descriptor.raw, $0, 0o777) }
            guard made == 0 || errno == EEXIST else { throw Errno.last }
            try folder.sync()
            folder = try folder.folder(name)
        }
        return folder
    }

    private func judgedFolder(at path: DiskPath, for target: DiskPath) throws(Errno) -> Folder {
        let folder = try folder(at: path, for: target)
        guard allows(folder.path) else { throw Errno(code: ENOENT) }
        return folder
    }

    /// Opens the folder at `path`, on the way to `target`. It may lie just above what is granted; whoever
    /// asks judges the name in it.
    private func folder(at path: DiskPath, for target: DiskPath) throws(Errno) -> Folder {
        guard let root = root(over: target) else { throw Errno(code: ENOENT) }
        let below = root.covers(path) ? root : path
        let place = try descend(path, below: below, flags: kith_o_path | O_DIRECTORY)
        let folder = try place.reopened(O_RDONLY | O_DIRECTORY)
        return Folder(descriptor: folder, path: try folder.realPath())
    }

    /// For a peer everything that fails on the way to a folder looks like its absence.
    private func explained(_ error: Errno, _ path: DiskPath) -> KithError {
        guard !isOwner || error.code == ENOENT else { return error.explained("opened", path.text) }
        return KithError(
            .notFound, "There is no folder `\(path.text)`.",
            hint: "Make it, or end the destination with `/` to have it made; a file of that name has to go first.")
    }
}
