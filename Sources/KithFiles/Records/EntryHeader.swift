import KithAPI

/// Announces one entry of a transfer.
struct EntryHeader: Equatable, Sendable {
    /// Which source it belongs to, from 0.
    var source: Int
    /// Its place: the name of the source itself, then the names below it, joined by `/`, in bytes.
    var path: [UInt8]
    var kind: FileKind
    /// Bytes of content; 0 for what is not a file.
    var size = 0
    /// Permission bits.
    var mode = 0
    /// Nanoseconds since 1970 of the last change.
    var modified = 0
    /// Where a symlink points.
    var target: [UInt8] = []

    /// For people; what is not UTF-8 is replaced.
    var text: String { String(decoding: path, as: UTF8.self) }
}

extension EntryHeader {
    func write(to record: inout RecordWriter) {
        record.put(source)
        record.put(path)
        record.put(byte: Self.codes.firstIndex(of: kind).map { UInt8($0) } ?? .max)
        record.put(size)
        record.put(mode)
        record.put(modified)
        if kind == .symlink { record.put(target) }
    }

    init(from record: inout RecordReader) throws(KithError) {
        source = try record.count()
        path = try record.blob()
        let code = Int(try record.byte())
        guard Self.codes.indices.contains(code) else { throw RecordReader.violation }
        kind = Self.codes[code]
        size = try record.count()
        mode = try record.count()
        modified = try record.number()
        if kind == .symlink { target = try record.blob() }
    }

    private static let codes: [FileKind] = [.file, .directory, .symlink, .other]
}
