import Glibc
import KithAPI

/// The end of a growing file, and what is added to it.
struct FileTail {
    /// The most bytes that are looked at for last lines: 4 MiB.
    private static let window = 4 << 20

    private let path: String
    private var position: Int64
    private var file: UInt
    private let beginning: [UInt8]

    /// Looks at the end of the file at `path`, not before `first`.
    init(path: String, from first: Int64 = 0) throws(KithError) {
        self.path = path
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw KithError(.notFound, "There is no log yet at `\(path)`.", hint: "Start the daemon with `kith start`.")
        }
        let start = max(first, Int64(facts.st_size) - Int64(Self.window))
        beginning = Self.read(path, from: start)
        position = start + Int64(beginning.count)
        file = UInt(facts.st_ino)
    }

    /// The last `count` lines of what was there.
    func last(_ count: Int) -> [[UInt8]] {
        beginning.split(separator: UInt8(ascii: "\n")).suffix(count).map(Array.init)
    }

    /// What was added since the last look; a file that shrank is read from its start, and of one that was replaced
    /// first the rest, which has the name with `.1` now.
    mutating func news() -> [UInt8] {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return [] }
        if UInt(facts.st_ino) != file {
            let rest = Self.node(path + ".1") == file ? Self.read(path + ".1", from: position) : []
            (position, file) = (0, UInt(facts.st_ino))
            return rest + news()
        }
        if Int64(facts.st_size) < position { position = 0 }
        guard Int64(facts.st_size) > position else { return [] }
        let bytes = Self.read(path, from: position)
        position += Int64(bytes.count)
        return bytes
    }

    /// Which file stands at a path.
    private static func node(_ path: String) -> UInt? {
        var facts = stat()
        return stat(path, &facts) == 0 ? UInt(facts.st_ino) : nil
    }

    private static func read(_ path: String, from start: Int64) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return Array(unsafeUninitializedCapacity: window) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, off_t(start)))
        }
    }
}
