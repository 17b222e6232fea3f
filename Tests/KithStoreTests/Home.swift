import Foundation
import KithAPI
import KithStore
import Synchronization
import Testing

/// A temporary folder with the clock and the key of a node; gone at the end of the scope.
struct Home: Sendable {
    let folder: String
    let clock = ManualClock()

    /// A new home for the length of `body`.
    static func with<Value>(_ body: (Home) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-store-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(Home(folder: folder))
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func openStore() throws -> Store { try Store.open(in: folder, now: clock.now) }

    /// Signs by turning the bytes round, which is enough to tell signed from unsigned.
    func openLog() throws -> AuditLog {
        try AuditLog.open(in: folder, now: clock.now, sign: { $0.reversed() }, isSigned: { $0 == $1.reversed() })
    }

    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path(name)))) }

    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path(name))) }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
    }

    /// The lines of the audit log, without their newlines.
    func lines() throws -> [[UInt8]] {
        try read("audit.jsonl").split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().map(
            Array.init)
    }

    func write(lines: [[UInt8]]) throws {
        try write(lines.flatMap { $0 + [UInt8(ascii: "\n")] }, to: "audit.jsonl")
    }
}

/// A clock that moves when it is told to.
final class ManualClock: Sendable {
    private let date = Mutex(Date(timeIntervalSince1970: 1_700_000_000.125))

    var now: @Sendable () -> Date { { self.date.withLock { $0 } } }

    func advance(seconds: Double) { date.withLock { $0 += seconds } }
}

extension Caller {
    /// A peer with these grants.
    static func peer(_ rules: GrantRule...) throws -> Caller {
        let id = try #require(PeerID(bytes: [UInt8](repeating: 7, count: 32)))
        return .peer(Peer(id: id, name: try #require(PeerName("studio")), grants: GrantSet(rules)))
    }
}

/// The error that `body` threw, if it was one of ours.
func failure<Value>(_ body: () async throws -> Value) async -> KithError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? KithError
    }
}
