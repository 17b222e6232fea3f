import CLinux
import Glibc
import KithAPI

/// What no peer touches unless a grant names it: ``PrivatePlaces``, and folders of ours.
enum Denials {
    /// All of them, and where they really are if they are links.
    static func all(home: Home, protected: [DiskPath]) -> [DiskPath] {
        let named = PrivatePlaces.inHome.map { relative in
            DiskPath(names: home.real.names + relative.utf8.split(separator: DiskPath.slash).map { FileName($0) })
        }
        return named.flatMap(\.withResolved) + protected.flatMap(\.withResolved)
    }
}

extension DiskPath {
    /// Where it really is, or would be if it were made; nil if that cannot be said.
    func resolved(links: Int = 8) -> DiskPath? {
        if let real = try? Descriptor.top().resolving(relative(to: .root), kith_o_path, resolve: 0).realPath() {
            return real
        }
        guard links > 0, let name, let folder = parent?.resolved(links: links) else { return nil }
        let place = folder.appending(name)
        guard let target = try? Descriptor.readLink(AT_FDCWD, place.bytes) else { return place }
        return folder.following(target).resolved(links: links - 1)
    }

    /// Where a link in this folder leads that says `target`.
    private func following(_ target: [UInt8]) -> DiskPath {
        var names = target.first == Self.slash ? [] : names
        for name in target.split(separator: Self.slash).map({ FileName($0) }) {
            if !name.isStep { names.append(name) } else if name.bytes.count == 2 { _ = names.popLast() }
        }
        return DiskPath(names: names)
    }

    /// The path, and the real one where it differs.
    var withResolved: [DiskPath] {
        guard !isPlain, let real = resolved(), real != self else { return [self] }
        return [self, real]
    }

    /// Whether no link stands on the way; the common case, and two calls to the kernel.
    private var isPlain: Bool {
        do throws(Errno) {
            _ = try Descriptor.top().resolving(relative(to: .root), kith_o_path, resolve: kith_resolve_no_symlinks)
            return true
        } catch {
            return error.code == ENOENT
        }
    }
}
