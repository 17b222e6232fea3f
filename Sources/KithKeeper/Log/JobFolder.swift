import FoundationEssentials
import Glibc
import KithAPI

/// The folder of a job: `meta` from its start, `output-…` as it writes, `end` when it is over, `told` when the
/// daemon has heard of that. Files are small, written whole under another name first, and read with care.
struct JobFolder: Sendable {
    /// What is written at the start; never the environment or the arguments, which may hold secrets.
    struct Meta: Codable, Sendable, Equatable {
        var note: Data
        var terminal: TerminalSize?
        /// Milliseconds since 1970.
        var startedAt: Int
        var isDetached: Bool
        var program: String
        var process: Int32
        /// Of the process, in the kernel's ticks after boot.
        var processStart: UInt64
        /// Which boot that was.
        var boot: String
    }

    /// What is written at the end.
    struct End: Codable, Sendable, Equatable {
        /// Nil for a job that was lost.
        var end: ProcessEnd?
        var isDetached: Bool
        var outputBytes: Int
        var inputTaken: Int
        /// Milliseconds since 1970.
        var endedAt: Int
    }

    /// The most that one of these files holds.
    private static let limit = 256 << 10

    let id: JobID
    let path: String

    init(_ id: JobID, in jobs: String) {
        self.id = id
        path = jobs + "/" + id.text
    }

    var meta: Meta? { read(Meta.self, "meta") }
    var end: End? { read(End.self, "end") }
    var isTold: Bool { access(path + "/told", F_OK) == 0 }

    /// Its segments' names.
    var outputNames: [String] { names.filter { $0.hasPrefix("output-") } }

    private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    /// Whether there is such a folder.
    var exists: Bool { access(path, F_OK) == 0 }

    /// Makes the folder; false where the disk or its owner refuses.
    func create() -> Bool { mkdir(path, 0o700) == 0 || errno == EEXIST }

    /// False where it could not be written.
    @discardableResult
    func write(_ meta: Meta) -> Bool { write(meta, as: "meta") }

    /// False where it could not be written.
    @discardableResult
    func write(_ end: End) -> Bool { write(end, as: "end") }

    func markTold() {
        let file = open(path + "/told", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        if file >= 0 { close(file) }
    }

    /// Removes all that is in it, and the folder.
    func remove() {
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }

    private func write(_ value: some Encodable, as name: String) -> Bool {
        guard let bytes = try? JSON.encode(value) else { return false }
        let part = path + "/." + name
        let file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        let count = Glibc.write(file, bytes, bytes.count)
        close(file)
        guard count == bytes.count, rename(part, path + "/" + name) == 0 else {
            unlink(part)
            return false
        }
        return true
    }

    private func read<Value: Decodable>(_ type: Value.Type, _ name: String) -> Value? {
        let file = open(path + "/" + name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.limit + 1)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count > 0, count <= Self.limit else { return nil }
        bytes.removeLast(bytes.count - count)
        guard (try? JSONGuard.keys(of: bytes)) != nil else { return nil }
        return try? JSON.decode(type, from: bytes)
    }
}

extension JobFolder {
    /// What is known of a job that has ended or was lost; nil for a folder that makes no sense.
    var record: JobRecord? {
        let (meta, end) = (meta, end)
        guard meta != nil || end != nil else { return nil }
        return JobRecord(
            id: id, note: meta.map { Array($0.note) } ?? [], terminal: meta?.terminal,
            startedAt: Date(milliseconds: meta?.startedAt ?? end?.endedAt ?? 0),
            isDetached: end?.isDetached ?? meta?.isDetached ?? true,
            state: end?.end.map { .ended($0) } ?? .lost, outputBytes: end?.outputBytes ?? 0,
            inputTaken: end?.inputTaken ?? 0)
    }
}

extension Date {
    init(milliseconds: Int) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }

    var milliseconds: Int { Int((timeIntervalSince1970 * 1000).rounded()) }
}
