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

    /// Whether the name survives JSON.
    var isText: Bool { String(validating: bytes, as: UTF8.self) != nil }

    /// Whether it is the folder itself or the one above.
    var isStep: Bool { bytes == [0x2E] || bytes == [0x2E, 0x2E] }
}

extension Descriptor {
    /// The most names that we read from one folder.
    static let maximumNames = 1_000_000

    /// The names in this folder, in order of their bytes.
    func names() throws(Errno) -> [FileName] {
        let copy = openat(raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw Errno.last }
        guard let stream = fdopendir(copy) else {
            let error = Errno.last
            close(copy)
            throw error
        }
        defer { closedir(stream) }
        return try Self.names(in: stream).sorted()
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

    /// Read in place: the structure is cut short in memory, so it must not be copied.
    private static func name(of entry: UnsafeMutablePointer<dirent>) -> FileName {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        let start = UnsafeRawPointer(entry) + offset
        return FileName(UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
    }
}
