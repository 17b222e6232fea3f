import KithAPI

/// Where a transfer comes down: the exact name, or into a folder.
struct Landing: Sendable {
    let folder: Folder
    /// The name that the one source gets; nil if each keeps its own.
    let name: FileName?

    /// Finds the place for `destination`: into a folder, made if need be, if it ends with `/`; for several
    /// sources also into a folder that is there; else exactly that name.
    ///
    /// - Parameter isSeveral: whether more than one source comes; nil if nobody said.
    init(_ destination: String, isSeveral: Bool?, in boundary: Boundary) throws(KithError) {
        let request = try RequestedPath(destination, home: boundary.home)
        if request.namesFolder {
            (folder, name) = (try boundary.madeFolder(request), nil)
        } else if isSeveral == true {
            (folder, name) = (try Self.standing(request, boundary), nil)
        } else {
            let place = try boundary.place(request)
            (folder, name) = (place.folder, place.name)
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
