import Foundation
import KithAPI
import Testing

@testable import KithStore

@Suite struct DamageTests {
    /// A closed store with 200 entries, then whatever `harm` does to its bytes.
    private func damaged(_ home: Home, _ harm: (inout [UInt8]) -> Void) async throws -> [UInt8] {
        let store = try home.openStore()
        for number in 0..<200 {
            let value = String(repeating: "v", count: 200)
            _ = try await store.context.set(SetContext(key: "key/\(number)", value: value), from: .owner)
        }
        try await store.close()
        var bytes = try home.read("kith.sqlite")
        harm(&bytes)
        try home.write(bytes, to: "kith.sqlite")
        return bytes
    }

    /// The damaged bytes lie beside the new database, which is empty and works.
    private func expectSetAside(_ home: Home, _ bytes: [UInt8], as name: String = "kith.sqlite.damaged-1") async throws
    {
        let store = try home.openStore()
        #expect(store.report == .setAside(home.path(name)))
        #expect(try home.read(name) == bytes)
        #expect(try await store.context.list(ListContext(), from: .owner) == ListContext.Reply(entries: []))
        _ = try await store.context.set(SetContext(key: "new", value: "1"), from: .owner)
        try await store.close()
    }

    @Test func `a file with a garbage header is set aside`() async throws {
        try await Home.with { home in
            let bytes = try await damaged(home) {
                $0.replaceSubrange(0..<100, with: [UInt8](repeating: 0xA5, count: 100))
            }
            try await expectSetAside(home, bytes)
        }
    }

    @Test func `a file with garbage in the middle is set aside`() async throws {
        try await Home.with { home in
            let bytes = try await damaged(home) { bytes in
                for page in stride(from: 4096 * 3, to: bytes.count, by: 4096) {
                    bytes.replaceSubrange(page..<page + 64, with: [UInt8](repeating: 0xA5, count: 64))
                }
            }
            try await expectSetAside(home, bytes)
        }
    }

    @Test(arguments: [0, 1, 50, 4096, 10_000])
    func `a file that was cut short is set aside`(length: Int) async throws {
        try await Home.with { home in
            let bytes = try await damaged(home) { $0.removeLast($0.count - length) }
            try await expectSetAside(home, bytes)
        }
    }

    @Test func `a second damaged file gets the next number`() async throws {
        try await Home.with { home in
            try await expectSetAside(home, try await damaged(home) { $0.removeLast($0.count - 50) })
            try home.write(Array("not a database".utf8), to: "kith.sqlite")
            try await expectSetAside(home, Array("not a database".utf8), as: "kith.sqlite.damaged-2")
        }
    }

    @Test func `a write-ahead log whose database is gone is kept`() async throws {
        try await Home.with { home in
            try home.write(Array("frames".utf8), to: "kith.sqlite-wal")
            let store = try home.openStore()
            #expect(store.report == .setAside(home.path("kith.sqlite.damaged-1")))
            #expect(try home.read("kith.sqlite.damaged-1-wal") == Array("frames".utf8))
            try await store.close()
        }
    }

    @Test func `a link is refused and left where it is`() async throws {
        try await Home.with { home in
            try FileManager.default.createSymbolicLink(
                atPath: home.path("kith.sqlite"), withDestinationPath: "/dev/null")
            #expect(await failure { try home.openStore() }?.code == .fileIO)
            #expect(try home.names() == ["kith.sqlite"])
        }
    }
}
