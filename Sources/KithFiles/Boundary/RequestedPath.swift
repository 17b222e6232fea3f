import KithAPI

/// A path as somebody asks for it: absolute, relative to the home folder, or with `~` for the home folder.
struct RequestedPath: Sendable, Equatable {
    /// The longest path that we look at, in bytes, as in `PATH_MAX`.
    static let maximumBytes = 4_096

    /// The path without `.` and empty parts; `..` stays in it.
    let path: DiskPath
    /// Whether it says that it is a folder: by `/`, `.` or `~` at its end.
    let namesFolder: Bool

    /// Reads `text`.
    ///
    /// - Throws: ``KithError`` `request.invalid` if it is empty, too long or holds a NUL.
    init(_ text: String, home: Home) throws(KithError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.maximumBytes, !bytes.contains(0) else {
            throw KithError(.requestInvalid, "A path must have 1 to \(Self.maximumBytes) bytes and no NUL.")
        }
        var names = bytes.split(separator: DiskPath.slash).map { FileName($0) }
        let isAbsolute = bytes.first == DiskPath.slash
        let isHome = !isAbsolute && names.first == Self.homeSign
        if isHome { names.removeFirst() }
        namesFolder = bytes.last == DiskPath.slash || names.last.map(\.isStep) ?? true
        names.removeAll { $0 == Self.here }
        path = isAbsolute ? home.rebased(DiskPath(names: names)) : DiskPath(names: home.real.names + names)
    }

    /// A path that we found ourselves.
    init(_ path: DiskPath) {
        self.path = path
        namesFolder = false
    }

    private static let homeSign = FileName([UInt8(ascii: "~")])
    private static let here = FileName([UInt8(ascii: ".")])
    private static let above = FileName([UInt8(ascii: "."), UInt8(ascii: ".")])

    /// Whether it steps upwards.
    var climbs: Bool { path.names.contains(Self.above) }

    /// The name by which a transfer calls it; nil for `/`, `..`, `.` and `~`, which name nothing.
    static func sourceName(_ text: String) -> FileName? {
        let names = text.utf8.split(separator: DiskPath.slash).map { FileName($0) }.filter { $0 != here }
        guard let last = names.last, last != above else { return nil }
        let isHome = names.count == 1 && last == homeSign && text.utf8.first != DiskPath.slash
        return isHome ? nil : last
    }
}

/// The owner's home folder: as it is called, and where it really is.
struct Home: Sendable {
    let called: DiskPath
    let real: DiskPath

    /// Resolves `text`, an absolute path; a home that is not there stands for itself.
    init(_ text: String) {
        called = DiskPath(names: text.utf8.split(separator: DiskPath.slash).map { FileName($0) })
        real = called.resolved() ?? called
    }

    /// `path` under the real home, if it is given by the home's other name.
    func rebased(_ path: DiskPath) -> DiskPath {
        guard called != real, called.covers(path) else { return path }
        return DiskPath(names: real.names + path.names.dropFirst(called.names.count))
    }
}
