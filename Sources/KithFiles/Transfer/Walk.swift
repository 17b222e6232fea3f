import CLinux
import Glibc
import KithAPI

/// Goes through the sources, folders first and then what is in them, in the order of the names' bytes.
///
/// Keeps one open folder and its names per level, nothing else. Links are followed only where a source names
/// one directly. What a peer may not see is passed over as if it were not there.
struct Walk {
    /// One entry: its header, and the place to read a file from.
    struct Entry {
        var header: TransferHeader
        let file: Found?
    }

    private struct Level {
        let folder: Folder
        let path: String
        let depth: Int
        /// Last first.
        var names: [FileName]
    }

    private let boundary: Boundary
    private let sources: [String]
    private var source = -1
    private var levels: [Level] = []

    init(_ sources: [String], in boundary: Boundary) {
        self.sources = sources
        self.boundary = boundary
    }

    /// The next entry; nil at the end.
    mutating func next() -> Entry? {
        while !levels.isEmpty {
            if let name = levels[levels.count - 1].names.popLast() {
                if let entry = child(name, of: levels[levels.count - 1]) { return entry }
            } else {
                levels.removeLast()
            }
        }
        source += 1
        return source < sources.count ? start(sources[source]) : nil
    }

    private mutating func start(_ text: String) -> Entry {
        let called = RequestedPath.sourceName(text)
        do throws(KithError) {
            let found = try boundary.open(try RequestedPath(text, home: boundary.home))
            let name = called ?? found.path.name ?? FileName("root".utf8)
            return entry(found, path: name.text, name: name, depth: 1)
        } catch {
            return failed(called?.text ?? text, .other, error)
        }
    }

    private mutating func child(_ name: FileName, of level: Level) -> Entry? {
        let place = level.folder.path.appending(name)
        guard boundary.allows(place) else { return nil }
        let path = level.path + "/" + name.text
        do throws(Errno) {
            let descriptor = try level.folder.descriptor.entry(name, kith_o_path)
            let found = Found(descriptor: descriptor, path: place, status: try descriptor.status())
            return entry(found, path: path, name: name, depth: level.depth + 1)
        } catch {
            return failed(path, .other, error.explained("read", place.text))
        }
    }

    private mutating func entry(_ found: Found, path: String, name: FileName, depth: Int) -> Entry {
        let status = found.status
        guard name.isText, path.utf8.count <= RequestedPath.maximumBytes, depth <= EntryPath.maximumDepth else {
            return failed(path, status.kind, Self.unspeakable(found.path))
        }
        var header = TransferHeader(
            source: source, path: path, type: status.kind, size: status.size, mode: status.mode,
            modified: status.modified)
        do throws(KithError) {
            switch status.kind {
            case .file: return Entry(header: header, file: found)
            case .directory: try descend(found, path: path, depth: depth)
            case .symlink: header.target = try Self.target(of: found)
            case .other: throw Self.special(found.path)
            }
            return Entry(header: header, file: nil)
        } catch {
            return failed(path, status.kind, error)
        }
    }

    private mutating func descend(_ found: Found, path: String, depth: Int) throws(KithError) {
        let (folder, names) = try explaining("read", found.path.text) { () throws(Errno) in
            let folder = try found.descriptor.reopened(O_RDONLY | O_DIRECTORY)
            return (folder, try folder.names())
        }
        let level = Level(
            folder: Folder(descriptor: folder, path: found.path), path: path, depth: depth, names: names.reversed())
        levels.append(level)
    }

    private static func target(of found: Found) throws(KithError) -> String {
        let bytes = try explaining("read", found.path.text) { () throws(Errno) in
            try Descriptor.readLink(found.descriptor.raw, [])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw unspeakable(found.path) }
        return text
    }

    private func failed(_ path: String, _ kind: FileKind, _ error: KithError) -> Entry {
        let shown = path.utf8.count <= RequestedPath.maximumBytes ? path : "…" + String(path.suffix(200))
        return Entry(header: TransferHeader(source: source, path: shown, type: kind, error: error), file: nil)
    }

    private static func unspeakable(_ path: DiskPath) -> KithError {
        KithError(
            .requestInvalid, "`\(path.text)` is not UTF-8, or too long or too deep to send.",
            hint: "Rename it, or pack it in an archive.")
    }

    private static func special(_ path: DiskPath) -> KithError {
        KithError(.fileIO, "`\(path.text)` is neither a file, a folder nor a link.", hint: "Leave it out.")
    }
}
