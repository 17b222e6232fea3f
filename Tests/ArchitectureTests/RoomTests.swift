import Foundation
import Testing

/// The table of `Architecture`: what each room may import.
private let table: [String: Set<String>] = [
    "KithAPI": [],
    "KithDigest": ["COpenSSL", "CLinux"],
    "KithClient": ["KithAPI"],
    "KithTrust": ["KithAPI", "KithDigest", "COpenSSL"],
    "KithWire": [
        "KithAPI", "KithTrust", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOTLS", "NIOSSL", "NIOHTTPTypes",
        "NIOHTTPTypesHTTP1",
        "HTTPTypes", "HummingbirdCore", "AsyncHTTPClient", "CoreMetrics", "Logging", "ServiceLifecycle",
    ],
    "KithDiscovery": ["KithAPI", "CAvahi"],
    "KithKeeper": ["KithAPI", "CLinux", "CVTerm"],
    "KithExec": ["KithAPI", "KithKeeper", "KithDigest"],
    "KithFiles": ["KithAPI", "KithDigest", "CLinux"],
    "KithStore": ["KithAPI", "KithDigest", "GRDB"],
    "KithWorkers": ["KithAPI", "KithClient", "KithTrust", "KithKeeper", "CLinux"],
    "KithDaemon": [
        "KithAPI", "KithTrust", "KithWire", "KithDiscovery", "KithExec", "KithKeeper", "KithFiles", "KithStore",
        "KithMCP", "KithWorkers", "KithClient", "CLinux",
        "NIOCore", "NIOPosix", "Yams", "CoreMetrics", "Logging", "ServiceLifecycle", "UnixSignals",
    ],
    "KithCLI": ["KithAPI", "KithClient", "CLinux", "ArgumentParser"],
    "KithMCP": ["KithAPI", "KithClient"],
    "kith": ["KithCLI", "KithMCP", "KithKeeper", "ArgumentParser"],
    "kithd": ["KithDaemon"],
]

/// Rooms that must start in milliseconds, and so never load full Foundation.
private let thinRooms: Set = ["KithAPI", "KithClient", "KithKeeper", "KithCLI", "KithMCP", "CLinux", "kith"]

/// What every room may import.
private let system: Set = ["FoundationEssentials", "Foundation", "Dispatch", "Glibc", "Synchronization"]

struct RoomTests {
    @Test(arguments: table.keys.sorted())
    func `a room imports only what the table allows`(room: String) throws {
        let allowed = try #require(table[room]).union(system)
        for file in Tree.swiftFiles(below: "Sources/\(room)") {
            let foreign = try Tree.imports(of: file).subtracting(allowed)
            #expect(foreign.isEmpty, "\(file) imports \(foreign.sorted())")
        }
    }

    @Test func `every room stands in the table`() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Tree.root.appendingPathComponent("Sources").path)
        let rooms = Set(folders).subtracting(["CAvahi", "COpenSSL", "CVTerm", "CLinux"])
        #expect(rooms == Set(table.keys))
    }

    @Test(arguments: thinRooms.sorted())
    func `a thin room does not load full Foundation`(room: String) throws {
        for file in Tree.swiftFiles(below: "Sources/\(room)") {
            #expect(try !Tree.imports(of: file).contains("Foundation"), "\(file) imports Foundation")
        }
    }

    @Test(arguments: table.keys.sorted())
    func `every room has its one page sign`(room: String) throws {
        let sign = try Tree.text(of: "Sources/\(room)/\(room).md")
        #expect(sign.split(separator: "\n").count <= 60)
        #expect(sign.utf8.count > 200, "the sign of \(room) says nothing")
    }
}
