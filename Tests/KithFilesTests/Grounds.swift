import Foundation
import Glibc
import KithAPI
import KithFiles

/// A home folder and a folder outside of it, in a temporary folder that goes away with the scope.
struct Grounds: Sendable {
    let root: String
    var home: String { root + "/home" }
    var outside: String { root + "/outside" }
    var data: String { home + "/data" }
    var service: FileService { FileService(home: home, protected: [data]) }

    /// Writes `text` to `path` below the root, with the folders above it.
    func write(_ path: String, _ text: String = "content", mode: mode_t = 0o644) throws {
        try writeBytes(path, Array(text.utf8), mode: mode)
    }

    func writeBytes(_ path: String, _ bytes: [UInt8], mode: mode_t = 0o644) throws {
        let full = root + "/" + path
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: full))
        chmod(full, mode)
    }

    func folder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: root + "/" + path, withIntermediateDirectories: true)
    }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: root + "/" + path, withDestinationPath: target)
    }

    func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: root + "/" + path).map { String(decoding: $0, as: UTF8.self) }
    }

    func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root + "/" + path).sorted()
    }

    /// Everything below `path`: its place, and what it is in one line.
    func snapshot(_ path: String, times: Bool = true) throws -> [String: String] {
        var lines: [String: String] = [:]
        let top = root + "/" + path
        for name in try FileManager.default.subpathsOfDirectory(atPath: top) {
            lines[name] = Self.line(top + "/" + name, times: times)
        }
        return lines
    }

    private static func line(_ path: String, times: Bool) -> String {
        var raw = stat()
        guard lstat(path, &raw) == 0 else { return "gone" }
        let time = times ? " \(raw.st_mtim.tv_sec).\(raw.st_mtim.tv_nsec)" : ""
        let mode = String(raw.st_mode, radix: 8) + time
        switch raw.st_mode & S_IFMT {
        case S_IFREG: return mode + " " + (FileManager.default.contents(atPath: path)?.base64EncodedString() ?? "?")
        case S_IFLNK: return mode + " -> " + ((try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? "?")
        default: return mode
        }
    }
}

/// A folder in memory, where there is one: for what writes much and proves nothing about the disk.
let memoryFolder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil

/// Gives `body` fresh grounds and removes them afterwards.
func withGrounds<Value>(in parent: String? = nil, _ body: (Grounds) async throws -> Value) async throws -> Value {
    let parent = parent ?? FileManager.default.temporaryDirectory.path
    let grounds = Grounds(root: parent + "/kith-files-" + UUID().uuidString)
    try grounds.folder("home")
    try grounds.folder("outside")
    defer { try? FileManager.default.removeItem(atPath: grounds.root) }
    return try await body(grounds)
}

/// A paired node that holds `rules`.
func peer(_ rules: GrantRule...) throws -> Caller {
    guard let id = PeerID(bytes: Array(repeating: 7, count: 32)), let name = PeerName("studio") else {
        throw KithError(.internalError, "The test has no peer.")
    }
    return .peer(Peer(id: id, name: name, grants: GrantSet(rules)))
}

/// A paired node that may read and write the home folder.
func friend() throws -> Caller { try peer(GrantRule(.filesRead), GrantRule(.filesWrite)) }

/// Collects what a feed says.
actor News {
    private(set) var events: [TransferEvent] = []
    func add(_ event: TransferEvent) { events.append(event) }
    var outcomes: [TransferOutcome] { events.compactMap(\.outcome) }
    var codes: [ErrorCode?] { outcomes.map { $0.error?.code } }
}

/// Two joined ends that can be cut, as a connection can.
struct Wire {
    let up = BoundedQueue<Frame>(limit: 4)
    let down = BoundedQueue<Frame>(limit: 4)
    var near: Duplex { Duplex(from: down, to: up) }
    var far: Duplex { Duplex(from: up, to: down) }

    func cut() async {
        await up.finish()
        await down.finish()
    }
}

/// What the router does around a pipe: the end or the failure from what the service says.
func answer(_ duplex: Duplex, _ work: () async throws -> TransferSummary) async throws {
    do {
        let summary = try await work()
        try? await duplex.send(try Frame(.end, json: summary))
    } catch {
        try? await duplex.send(try Frame(.failure, json: KithError(wrapping: error)))
    }
}

extension FileService {
    /// Sends `sources` of ours to `destination` of `receiver`, who thinks we are `caller`.
    func push(
        _ sources: [String], to receiver: FileService, _ destination: String, as caller: Caller, news: News = News()
    ) async throws -> TransferSummary {
        let (near, far) = Duplex.pair()
        async let answered: Void = answer(far) {
            try await receiver.put(PutFiles(destination: destination), over: far, from: caller)
        }
        let request = SendFiles(peer: "studio", sources: sources, destination: destination, wantsTotal: true)
        let summary = try await send(request, over: near) { await news.add($0) }
        try await answered
        return summary
    }

    /// Fetches `sources` of `sender`, who thinks we are `caller`, to `destination` of ours.
    func pull(
        _ sources: [String], from sender: FileService, into destination: String, as caller: Caller, news: News = News()
    ) async throws -> TransferSummary {
        let (near, far) = Duplex.pair()
        async let answered: Void = answer(far) {
            try await sender.get(GetFiles(paths: sources), over: far, from: caller)
        }
        let request = PullFiles(peer: "studio", sources: sources, destination: destination)
        let summary = try await receive(request, over: near) { await news.add($0) }
        try await answered
        return summary
    }
}

extension TransferSummary {
    /// The summary without the time it took.
    var untimed: TransferSummary {
        TransferSummary(
            entries: entries, bytes: bytes, sentBytes: sentBytes, unchanged: unchanged, failures: failures)
    }
}

/// The code of the error that `body` throws; nil if it throws none.
func code(_ body: () async throws -> some Any) async -> ErrorCode? {
    do {
        _ = try await body()
        return nil
    } catch {
        return KithError(wrapping: error).code
    }
}
