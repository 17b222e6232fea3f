import CLinux
import Glibc
import KithAPI

/// How a job's processes are known again wherever they went: a variable in their environment.
enum JobMark {
    static let variable = "KITH_JOB"
}

/// All processes of the machine at one time, and which of them belong to a job.
struct ProcessTable: Sendable {
    /// One process that is alive.
    struct Entry: Sendable, Equatable {
        var id: Int32
        var parent: Int32
        var group: Int32
        var session: Int32
        var start: UInt64
        var isOurs: Bool
        var job: String
    }

    /// What more than this run is not seen.
    private static let limit = 32_768

    let entries: [Entry]

    init(entries: [Entry]) { self.entries = entries }

    /// How many of them are this user's.
    var ourCount: Int { entries.count { $0.isOurs } }

    /// Reads /proc; blocks for some 20 µs for each process.
    static func now() -> ProcessTable {
        withUnsafeTemporaryAllocation(of: kith_process.self, capacity: limit) { room in
            let count = max(0, Int(kith_processes(room.baseAddress, Int32(limit))))
            return ProcessTable(entries: room[..<count].filter { $0.is_dead == 0 }.map(Entry.init))
        }
    }

    /// The living processes of a job: of the group and the session of its leader, those below it, and those
    /// that carry its mark, with all that are below them.
    ///
    /// - Parameters:
    ///   - leader: 0 where its number may be somebody else's by now.
    ///   - known: members of before, and their starts: what lost its parents since is one still.
    func members(of job: JobID, leader: Int32, known: [Int32: UInt64] = [:]) -> [Entry] {
        var found = entries.filter { entry in
            guard entry.isOurs, entry.id != getpid() else { return false }
            if entry.job == job.text || known[entry.id] == entry.start { return true }
            return leader > 0 && (entry.group == leader || entry.session == leader || entry.parent == leader)
        }
        var ids = Set(found.map(\.id))
        while true {
            let more = entries.filter { $0.isOurs && ids.contains($0.parent) && !ids.contains($0.id) }
            guard !more.isEmpty else { return found }
            found += more
            ids.formUnion(more.map(\.id))
        }
    }
}

extension ProcessTable.Entry {
    /// Sends it a signal; not to another that has its number by now.
    func signal(_ number: Int32) { kith_signal_process(id, start, number) }

    fileprivate init(_ process: kith_process) {
        let job = withUnsafeBytes(of: process.job) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        self.init(
            id: process.id, parent: process.parent, group: process.group, session: process.session,
            start: process.start, isOurs: process.is_ours != 0, job: job)
    }
}
