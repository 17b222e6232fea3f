import KithAPI

/// The files that were announced and are not yet dealt with.
struct Announced {
    private var origins: [Int: Origin] = [:]
    private var next = 0
    /// What was read of files of which the other side has a part.
    var starts: [Int: PrefixReader] = [:]

    var count: Int { origins.count }
    var isEmpty: Bool { origins.isEmpty }

    /// The next number is this file's.
    mutating func add(_ origin: Origin) {
        origins[next] = origin
        next += 1
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
        return origin
    }
}
