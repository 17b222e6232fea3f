import KithAPI

/// The files that were announced and are not yet dealt with.
struct Announced {
    /// The most of them.
    static let maximumCount = 1_024
    /// The most folders that are kept open for them.
    static let maximumFolders = 128

    private var origins: [Int: Origin] = [:]
    /// How many of them are in which open folder.
    private var folders: [ObjectIdentifier: Int] = [:]
    private var next = 0
    /// What was read of files of which the other side has a part.
    var starts: [Int: PrefixReader] = [:]

    /// Whether no more may be announced for now.
    var isFull: Bool { origins.count >= Self.maximumCount || folders.count >= Self.maximumFolders }
    var isEmpty: Bool { origins.isEmpty }

    /// The next number is this file's.
    mutating func add(_ origin: Origin) {
        origins[next] = origin
        next += 1
        folders[origin.holder, default: 0] += 1
    }

    func origin(_ file: Int) throws(KithError) -> Origin {
        guard let origin = origins[file] else { throw RecordReader.violation }
        return origin
    }

    /// `file`, if it is one of them.
    func known(_ file: Int) throws(KithError) -> Int {
        _ = try origin(file)
        return file
    }

    mutating func remove(_ file: Int) throws(KithError) -> Origin {
        guard let origin = origins.removeValue(forKey: file) else { throw RecordReader.violation }
        starts[file] = nil
        folders[origin.holder, default: 0] -= 1
        if folders[origin.holder] == 0 { folders[origin.holder] = nil }
        return origin
    }
}
