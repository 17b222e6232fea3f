import Glibc
import KithAPI

/// Some records of the log from one place on. Blocks while it is read.
struct AuditPage {
    /// At most so many lines are read at a time, so that a reader's memory stays flat.
    static let maximumLines = 256

    private(set) var records: [AuditRecord] = []
    /// Where to read on.
    private(set) var end: Int
    /// Whether there was nothing left to read.
    private(set) var isLast = false

    /// Reads on from `start`, up to `size`, what `filter` lets through.
    init(_ path: String, from start: Int, to size: Int, _ filter: AuditFilter) throws {
        end = start
        var scanner = LineScanner(try Descriptor(path, O_RDONLY), from: start, to: size)
        for _ in 0..<Self.maximumLines {
            guard let line = try scanner.next() else {
                isLast = true
                return
            }
            guard line.isWhole, let record = try? JSON.decode(AuditRecord.self, from: line.bytes) else {
                throw KithError(
                    .storeDamaged, "A line of the audit log cannot be read (byte \(line.offset) on).",
                    hint: "`kith audit verify` says which.")
            }
            end = line.end
            if filter.fits(record) { records.append(record) }
        }
    }

    /// Where the last `count` fitting records begin.
    static func start(_ path: String, last count: Int, to size: Int, _ filter: AuditFilter) throws -> Int {
        var scanner = LineScanner(try Descriptor(path, O_RDONLY), from: 0, to: size)
        var offsets: [Int] = []
        var next = 0
        while count > 0, let line = try scanner.next() {
            guard filter.mayFit(line.bytes) else { continue }
            if offsets.count < count { offsets.append(line.offset) } else { offsets[next] = line.offset }
            next = (next + 1) % count
        }
        return offsets.min() ?? size
    }
}

/// Which records a reader asked for.
struct AuditFilter {
    /// The name of a peer, or `owner`; nil lets everything through.
    let caller: String?

    func fits(_ record: AuditRecord) -> Bool {
        guard let caller else { return true }
        return record.caller.prefix { $0 != "(" } == caller
    }

    /// A line that cannot be read fits everybody: its reader must hear of it.
    func mayFit(_ line: [UInt8]) -> Bool {
        guard caller != nil else { return true }
        return (try? JSON.decode(AuditRecord.self, from: line)).map(fits) ?? true
    }
}
