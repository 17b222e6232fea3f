/// An absolute path in bytes, without `.`, empty parts or a slash at its end.
///
/// Compared byte by byte: text would find `é` equal to its other spelling, the disk does not.
struct DiskPath: Hashable, Sendable {
    static let slash = UInt8(ascii: "/")
    static let root = DiskPath(names: [])

    let bytes: [UInt8]

    /// A path that the kernel gave, or one known to be in form.
    init(bytes: [UInt8]) { self.bytes = bytes }

    init(names: some Collection<FileName>) {
        bytes = names.isEmpty ? [Self.slash] : names.flatMap { [Self.slash] + $0.bytes }
    }

    /// For people; what is not UTF-8 is replaced.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    var names: [FileName] { bytes.split(separator: Self.slash).map { FileName($0) } }

    var name: FileName? { names.last }

    /// The folder that it is in; nil for the root.
    var parent: DiskPath? {
        let names = names
        return names.isEmpty ? nil : DiskPath(names: names.dropLast())
    }

    /// Whether `other` is this path or below it.
    func covers(_ other: DiskPath) -> Bool {
        guard bytes.count > 1 else { return true }
        guard other.bytes.starts(with: bytes) else { return false }
        return other.bytes.count == bytes.count || other.bytes[bytes.count] == Self.slash
    }

    func appending(_ name: FileName) -> DiskPath {
        DiskPath(bytes: (bytes.count > 1 ? bytes : []) + [Self.slash] + name.bytes)
    }

    /// What stands below `base`, which covers it, in the form that `openat` takes.
    func relative(to base: DiskPath) -> [UInt8] {
        let rest = bytes.dropFirst(base.bytes.count).drop { $0 == Self.slash }
        return rest.isEmpty ? [UInt8(ascii: ".")] : Array(rest)
    }
}
