import FoundationEssentials
import Glibc
import KithAPI
import Testing

@testable import KithTrust

struct TrustFileTests {
    private let clock = ManualClock()

    private func book(_ folder: String) throws -> TrustBook {
        let clock = clock
        return try TrustBook(folder: folder + "/trust", now: { clock.now })
    }

    private func pin(_ index: Int, _ name: String) throws -> NewPin {
        let certificate = try #require(Certificates.all.dropFirst(index).first)
        return NewPin(certificate: certificate, name: PeerName(nearest: name), grants: GrantSet(), addresses: [])
    }

    @Test func `a damaged book is reported with its name, and left as it is`() async throws {
        try await withTemporaryFolder { folder in
            let first = try book(folder)
            try await first.addPending(try pin(0, "studio"))
            let path = folder + "/trust/trust.json"
            let good = fileContents(path)
            for bytes in [[], Array(good.dropLast(good.count / 2)), Array("{}".utf8), Array("[]".utf8), [0xFF, 0xFE]] {
                writeFile(path, bytes)

                let error = #expect(throws: KithError.self) { try book(folder) }

                #expect(error?.code == .storeDamaged)
                #expect(error?.message.contains(path) == true)
                #expect(fileContents(path) == bytes)
            }
        }
    }

    @Test(arguments: [
        ("\"active\"", "\"acting\""), ("\"version\":1", "\"version\":2"),
        ("\"state\":\"pending\"", "\"state\":\"active\""),
    ])
    func `a book that says something else than we would write is damaged`(old: String, new: String) async throws {
        try await withTemporaryFolder { folder in
            let first = try book(folder)
            try await first.activate(try await first.addPending(try pin(0, "studio")).id)
            try await first.addPending(try pin(1, "laptop"))
            let path = folder + "/trust/trust.json"
            let text = String(decoding: fileContents(path), as: UTF8.self)
            let range = try #require(text.firstRange(of: old))
            writeFile(path, Array(text.replacing(range, with: new).utf8))

            #expect(throws: KithError.self) { try book(folder) }
        }
    }

    @Test func `a certificate under another id is damage`() async throws {
        try await withTemporaryFolder { folder in
            let first = try book(folder)
            let id = try await first.addPending(try pin(0, "studio")).id
            let path = folder + "/trust/trust.json"
            let text = String(decoding: fileContents(path), as: UTF8.self)
            let range = try #require(text.firstRange(of: id.text))
            writeFile(path, Array(text.replacing(range, with: Cast.mallory.text).utf8))

            let error = #expect(throws: KithError.self) { try book(folder) }

            #expect(error?.code == .storeDamaged)
        }
    }

    @Test func `a book that others can write is refused`() async throws {
        try await withTemporaryFolder { folder in
            try await book(folder).addPending(try pin(0, "studio"))
            chmod(folder + "/trust/trust.json", 0o666)

            let error = #expect(throws: KithError.self) { try book(folder) }

            #expect(error?.code == .denied)
            #expect(error?.hint == "chmod 600 \(folder)/trust/trust.json")
        }
    }

    @Test func `what a crash left beside the book is of no account`() async throws {
        try await withTemporaryFolder { folder in
            let first = try book(folder)
            try await first.addPending(try pin(0, "studio"))
            writeFile(folder + "/trust/trust.json.new", Array("half".utf8))

            let second = try book(folder)
            try await second.addPending(try pin(1, "laptop"))

            #expect(try book(folder).peers.map(\.name.text) == ["laptop", "studio"])
        }
    }
}

extension String {
    fileprivate func replacing(_ range: Range<String.Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
