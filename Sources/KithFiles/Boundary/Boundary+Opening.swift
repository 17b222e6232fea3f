import CLinux
import Glibc
import KithAPI

/// Something that was opened as a place, judged by where it really is.
struct Found: Sendable {
    let descriptor: Descriptor
    let path: DiskPath
    let status: FileStatus
}

extension Boundary {
    /// Opens what `request` names; the last part is followed if it is a link and `following` says so.
    ///
    /// - Throws: `not_found` for what a peer may not see, in the same words as for what is absent.
    func open(_ request: RequestedPath, following: Bool = true) throws(KithError) -> Found {
        guard !isOwner else { return try openAsOwner(request, following) }
        do throws(Errno) {
            return try openAsPeer(request, following)
        } catch {
            throw Self.absent(request)
        }
    }

    private func openAsOwner(_ request: RequestedPath, _ following: Bool) throws(KithError) -> Found {
        try explaining("opened", request.path.text) { () throws(Errno) in
            let place = try descend(request.path, below: .root, flags: Self.flags(following))
            return Found(descriptor: place, path: try place.realPath(), status: try place.status())
        }
    }

    private func openAsPeer(_ request: RequestedPath, _ following: Bool) throws(Errno) -> Found {
        guard !request.climbs, allows(request.path), let root = root(over: request.path) else {
            throw Errno(code: ENOENT)
        }
        return try judged(try descend(request.path, below: root, flags: Self.flags(following)))
    }

    /// The verdict on the object itself, after every link is resolved.
    func judged(_ place: Descriptor) throws(Errno) -> Found {
        let path = try place.realPath()
        let status = try place.status()
        guard status.links > 0, path.withoutDeletionMark.allSatisfy({ allows($0) }) else {
            throw Errno(code: ENOENT)
        }
        return Found(descriptor: place, path: path, status: status)
    }

    /// Opens `path` below `root`, without leaving it. The way to the root itself has no links: whoever may
    /// write beside a granted folder must not be able to turn the grant elsewhere.
    func descend(_ path: DiskPath, below root: DiskPath, flags: Int32) throws(Errno) -> Descriptor {
        let top = try Descriptor.top()
        guard root != .root else {
            return try top.resolving(path.relative(to: .root), flags, resolve: kith_resolve_no_magiclinks)
        }
        let (base, folder) = try Self.base(of: root, from: top)
        return try folder.resolving(path.relative(to: base), flags, resolve: Self.inside)
    }

    /// The granted folder; the one above it if the grant names a file, or nothing yet.
    private static func base(of root: DiskPath, from top: Descriptor) throws(Errno) -> (DiskPath, Descriptor) {
        let straight = inside | kith_resolve_no_symlinks
        do throws(Errno) {
            return (root, try top.resolving(root.relative(to: .root), kith_o_path | O_DIRECTORY, resolve: straight))
        } catch {
            guard let parent = root.parent, [ENOENT, ENOTDIR, ELOOP].contains(error.code) else { throw error }
            let folder = try top.resolving(parent.relative(to: .root), kith_o_path | O_DIRECTORY, resolve: straight)
            return (parent, folder)
        }
    }

    private static var inside: UInt32 { kith_resolve_beneath | kith_resolve_no_magiclinks }

    private static func flags(_ following: Bool) -> Int32 { kith_o_path | (following ? 0 : O_NOFOLLOW) }

    private static func absent(_ request: RequestedPath) -> KithError {
        Errno(code: ENOENT).explained("opened", request.path.text)
    }
}

extension DiskPath {
    /// The kernel marks a removed name with ` (deleted)`, which a name may also have by itself: both readings.
    var withoutDeletionMark: [DiskPath] {
        let mark = Array(" (deleted)".utf8)
        guard bytes.count > mark.count, bytes.suffix(mark.count).elementsEqual(mark) else { return [self] }
        return [self, DiskPath(bytes: Array(bytes.dropLast(mark.count)))]
    }
}
