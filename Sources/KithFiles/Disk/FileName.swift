import Glibc

/// One name in a folder: bytes, as the disk has them.
struct FileName: Hashable, Comparable, Sendable {
    let bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    static func < (one: FileName, other: FileName) -> Bool {
        one.bytes.lexicographicallyPrecedes(other.bytes)
    }

    /// For people; what is not UTF-8 is replaced.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether it is the folder itself or the one above.
    var isStep: Bool { bytes == [0x2E] || bytes == [0x2E, 0x2E] }
}

extension Descriptor {
    /// The most names that we read from one folder.
    static let maximumNames = 1_000_000

    /// The names in this folder, in order of their bytes.
    func names() throws(Errno) -> [FileName] {
        try reading { (stream) throws(Errno) in try Self.names(in: stream) }.sorted()
    }

    /// Those of the first `limit` names in this folder that end with `ending`.
    func names(ending: [UInt8], among limit: Int) throws(Errno) -> [FileName] {
        try reading { stream in
            var names: [FileName] = []
            var left = limit
            while left > 0, let entry = readdir(stream) {
                left -= 1
                let name = Self.buffer(of: entry)
                if name.suffix(ending.count).elementsEqual(ending) { names.append(FileName(name)) }
            }
            return names
        }
    }

    private func reading(_ body: (OpaquePointer) throws(Errno) -> [FileName]) throws(Errno) -> [FileName] {
        let copy = openat(raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw Errno.last }
        guard let stream = fdopendir(copy) else {
            let error = Errno.last
            close(copy)
            throw error
        }
        defer { closedir(stream) }
        return try body(stream)
    }

    private static func names(in stream: OpaquePointer) throws(Errno) -> [FileName] {
        var names: [FileName] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = Self.name(of: entry)
            guard !name.isStep else { continue }
            guard names.count < maximumNames else { throw Errno(code: EOVERFLOW) }
            names.append(name)
            errno = 0
        }
        guard errno == 0 else { throw Errno.last }
        return names
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> FileName { FileName(buffer(of: entry)) }

    /// Read in place: the structure is cut short in memory, so it must not be copied.
    private static func buffer(of entry: UnsafeMutablePointer<dirent>) -> UnsafeRawBufferPointer {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        let start = UnsafeRawPointer(entry) + offset
        return UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self)))
    }
}
