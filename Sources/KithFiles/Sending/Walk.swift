import CLinux
import Glibc
import KithAPI

/// Goes through the sources, folders first and then what is in them, in the order of the names' bytes.
///
/// Keeps one open folder and its names per level, nothing else. Links are followed only where a source names
/// one directly. What a peer may not see is passed over as if it were not there.
struct Walk {
    /// One entry: its header, with the place to read a file from, or why there is none.
    struct Entry {
        var header: EntryHeader
        var origin: Origin?
        var error: KithError?
    }

    private struct Level {
        let folder: Folder
        let path: [UInt8]
        let depth: Int
        /// Whether everything in it may be seen because the folder may.
        let isUniform: Bool
        /// Last first.
        var names: [FileName]
    }

    private let boundary: Boundary
    private let sources: [String]
    private var source = -1
    /// What the current source stands for, last first.
    private var starts: [SourcePlace] = []
    private var taken: Set<FileName> = []
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
        if let place = starts.popLast() { return start(place) }
        source += 1
        guard source < sources.count else { return nil }
        return expand(sources[source])
    }

    private mutating func expand(_ text: String) -> Entry? {
        do throws(KithError) {
            starts = try SourcePlace.all(text, in: boundary).reversed()
            return next()
        } catch {
            return failed(RequestedPath.sourceName(text)?.bytes ?? Array(text.utf8), .other, error)
        }
    }

    /// Two sources that would come down under one name would take each other's place.
    private mutating func start(_ place: SourcePlace) -> Entry {
        guard taken.insert(place.name).inserted else {
            return failed(
                place.name.bytes, .other,
                KithError(
                    .conflict, "Two of the sources are called `\(place.name.text)`.",
                    hint: "Send them one after the other, under different names."))
        }
        return entry(place.found, path: place.name.bytes, depth: 1)
    }

    private mutating func child(_ name: FileName, of level: Level) -> Entry? {
        let place = level.folder.path.appending(name)
        guard level.isUniform || boundary.allows(place) else { return nil }
        let path = level.path + [DiskPath.slash] + name.bytes
        do throws(Errno) {
            let status = try level.folder.descriptor.status(of: name)
            guard status.kind == .file else { return try opened(name, level, path) }
            let origin = Origin(place: .named(name, in: level.folder.descriptor), path: place, status: status)
            return file(origin, path: path, depth: level.depth + 1)
        } catch {
            return failed(path, .other, error.explained("read", place.text))
        }
    }

    private mutating func opened(_ name: FileName, _ level: Level, _ path: [UInt8]) throws(Errno) -> Entry {
        let descriptor = try level.folder.descriptor.entry(name, kith_o_path)
        let status = try descriptor.status()
        let found = Found(descriptor: descriptor, path: level.folder.path.appending(name), status: status)
        return entry(found, path: path, depth: level.depth + 1)
    }

    private func file(_ origin: Origin, path: [UInt8], depth: Int) -> Entry {
        guard fits(path, depth) else { return failed(path, .file, Self.tooLong(origin.path)) }
        guard origin.status.size <= ByteCount.largest else { return failed(path, .file, Self.tooLarge(origin.path)) }
        return Entry(header: header(path, origin.status), origin: origin)
    }

    private mutating func entry(_ found: Found, path: [UInt8], depth: Int) -> Entry {
        guard fits(path, depth) else { return failed(path, found.status.kind, Self.tooLong(found.path)) }
        var header = header(path, found.status)
        do throws(KithError) {
            switch found.status.kind {
            case .file:
                let origin = Origin(place: .found(found.descriptor), path: found.path, status: found.status)
                return file(origin, path: path, depth: depth)
            case .directory: try descend(found, path: path, depth: depth)
            case .symlink: header.target = try Self.target(of: found)
            case .other: throw Self.special(found.path)
            }
            return Entry(header: header)
        } catch {
            return failed(path, found.status.kind, error)
        }
    }

    private func fits(_ path: [UInt8], _ depth: Int) -> Bool {
        path.count <= RequestedPath.maximumBytes && depth <= EntryPath.maximumDepth
    }

    private func header(_ path: [UInt8], _ status: FileStatus) -> EntryHeader {
        EntryHeader(
            source: source, path: path, kind: status.kind, size: status.size, mode: status.mode,
            modified: status.modified)
    }

    private mutating func descend(_ found: Found, path: [UInt8], depth: Int) throws(KithError) {
        let (folder, names) = try explaining("read", found.path.text) { () throws(Errno) in
            let folder = try found.descriptor.reopened(O_RDONLY | O_DIRECTORY)
            return (folder, try folder.names())
        }
        let level = Level(
            folder: Folder(descriptor: folder, path: found.path), path: path, depth: depth,
            isUniform: boundary.isUniform(below: found.path), names: names.reversed())
        levels.append(level)
    }

    private static func target(of found: Found) throws(KithError) -> [UInt8] {
        try explaining("read", found.path.text) { () throws(Errno) in
            try Descriptor.readLink(found.descriptor.raw, [])
        }
    }

    private func failed(_ path: [UInt8], _ kind: FileKind, _ error: KithError) -> Entry {
        let shown = path.count <= RequestedPath.maximumBytes ? path : Array("…".utf8) + path.suffix(200)
        return Entry(header: EntryHeader(source: max(0, source), path: shown, kind: kind), error: error)
    }

    private static func tooLong(_ path: DiskPath) -> KithError {
        KithError(.requestInvalid, "`\(path.text)` is too long or too deep to send.", hint: "Pack it in an archive.")
    }

    static func tooLarge(_ path: DiskPath) -> KithError {
        KithError(
            .requestInvalid, "`\(path.text)` is larger than 2^53 bytes.", hint: "Nobody could take it; leave it out.")
    }

    private static func special(_ path: DiskPath) -> KithError {
        KithError(.fileIO, "`\(path.text)` is neither a file, a folder nor a link.", hint: "Leave it out.")
    }
}
