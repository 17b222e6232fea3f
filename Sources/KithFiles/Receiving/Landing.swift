import KithAPI

/// Where a transfer comes down: the exact name, or into a folder.
struct Landing: Sendable {
    /// Nil in a dry run, where the folder would have to be made.
    let folder: Folder?
    let path: DiskPath
    /// The name that the one source gets; nil if each keeps its own.
    let name: FileName?

    /// How a destination is looked for.
    struct Manner {
        /// Whether more than one source comes; nil if nobody said.
        var isSeveral: Bool?
        /// Whether nothing may be made.
        var isDryRun = false
    }

    /// Finds the place for `destination`: into a folder, made if need be, if it ends with `/`; for several
    /// sources also into a folder that is there; else exactly that name.
    init(_ destination: String, _ manner: Manner, in boundary: Boundary) throws(KithError) {
        let request = try RequestedPath(destination, home: boundary.home)
        if request.namesFolder {
            let folder = try manner.isDryRun ? boundary.folderIfThere(request) : boundary.madeFolder(request)
            (self.folder, name, path) = (folder, nil, folder?.path ?? request.path)
        } else if manner.isSeveral == true {
            let folder = try Self.standing(request, boundary)
            (self.folder, name, path) = (folder, nil, folder.path)
        } else {
            let place = try boundary.place(request)
            (folder, name, path) = (place.folder, place.name, place.folder.path)
        }
    }

    private static func standing(_ request: RequestedPath, _ boundary: Boundary) throws(KithError) -> Folder {
        do throws(KithError) {
            return try boundary.folder(request)
        } catch {
            guard error.code != .denied else { throw error }
            throw severalNeedFolder
        }
    }

    static var severalNeedFolder: KithError {
        KithError(.requestInvalid, "Several sources need a folder to go to.", hint: "End the destination with `/`.")
    }

    /// The names from the folder down to the entry at `path` of the source with this number.
    func route(_ path: EntryPath, source: Int) throws(KithError) -> [FileName] {
        guard let name else { return path.names }
        guard source == 0 else { throw Self.severalNeedFolder }
        return [name] + path.names.dropFirst()
    }
}
