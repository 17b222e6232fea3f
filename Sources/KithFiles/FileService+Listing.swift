public import KithAPI
import KithDigest

extension FileService {
    /// How many entries a page has.
    static let pageSize = 1_000

    /// One page of a folder, by the bytes of the names; links are shown, not followed.
    ///
    /// - Throws: `not_found` for what is absent or closed to the caller, `file.not_folder` for a file,
    ///   `request.invalid` for a path or cursor that cannot be read, `file.permission`, `file.io`.
    public func list(_ request: ListFiles, from caller: Caller) async throws -> ListFiles.Reply {
        try await questions.run {
            let boundary = boundary(caller, .filesRead)
            let folder = try boundary.open(try RequestedPath(request.path ?? "~", home: home))
            guard folder.status.kind == .directory else {
                throw KithError(
                    .fileNotFolder, "`\(folder.path.text)` is not a folder.", hint: "Ask about it with `kith stat`.")
            }
            return try Self.page(of: folder, after: try Self.name(of: request.cursor), in: boundary)
        }
    }

    /// One file, folder or link; the last part of the path is not followed.
    ///
    /// - Throws: as ``list(_:from:)``.
    public func stat(_ request: StatFile, from caller: Caller) async throws -> FileEntry {
        try await questions.run {
            let found = try boundary(caller, .filesRead).open(
                try RequestedPath(request.path, home: home), following: false)
            return FileEntry(found)
        }
    }

    private static func name(of cursor: String?) throws(KithError) -> FileName? {
        guard let cursor else { return nil }
        guard let bytes = [UInt8](hexadecimal: cursor), !bytes.isEmpty else {
            throw KithError(.requestInvalid, "The cursor cannot be read.", hint: "Give back `nextCursor` as it came.")
        }
        return FileName(bytes)
    }

    /// What goes away between the listing and the look at it is left out.
    private static func page(of found: Found, after cursor: FileName?, in boundary: Boundary) throws -> ListFiles.Reply
    {
        let names = try explaining("read", found.path.text) { () throws(Errno) in
            try found.descriptor.names()
        }
        let visible = names.lazy
            .drop { name in cursor.map { name <= $0 } ?? false }
            .filter { boundary.allows(found.path.appending($0)) }
        let page = Array(visible.prefix(pageSize + 1))
        let shown = page.prefix(pageSize)
        return ListFiles.Reply(
            entries: shown.compactMap { FileEntry($0, in: found) },
            nextCursor: page.count > pageSize ? shown.last?.bytes.hexadecimal : nil)
    }
}

extension FileEntry {
    /// The entry for something that was opened as a place.
    init(_ found: Found) {
        self.init(at: found.path, found.status, target: try? Descriptor.readLink(found.descriptor.raw, []))
    }

    /// The entry for `name` in `folder`; nil if it is gone.
    init?(_ name: FileName, in folder: Found) {
        guard let status = try? folder.descriptor.status(of: name) else { return nil }
        let target = status.kind == .symlink ? try? Descriptor.readLink(folder.descriptor.raw, name.bytes) : nil
        self.init(at: folder.path.appending(name), status, target: target)
    }

    private init(at path: DiskPath, _ status: FileStatus, target: [UInt8]?) {
        self.init(
            name: path.name?.text ?? "/", path: path.text, type: status.kind, size: min(status.size, ByteCount.largest),
            mode: status.mode,
            modified: status.date,
            target: status.kind == .symlink ? target.map { String(decoding: $0, as: UTF8.self) } : nil)
    }
}
