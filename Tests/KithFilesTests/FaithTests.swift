import Foundation
import Glibc
import KithAPI
import KithDigest
import Testing

@testable import KithFiles

/// What must travel as it is, and what people may ask for.
@Suite struct FaithTests {
    @Test func `a name that is not UTF-8 travels as it is`() async throws {
        try await withGrounds { grounds in
            try grounds.folder("home/box")
            let strange = FileName([0x62, 0xFF, 0xFE])
            let box = try Descriptor(owning: open(grounds.home + "/box", O_RDONLY | O_DIRECTORY))
            _ = try box.entry(strange, O_CREAT | O_WRONLY, mode: 0o600)
            _ = strange.bytes.withPath { symlinkat($0, box.raw, "link") }
            _ = try await grounds.service.push([grounds.home + "/box"], to: grounds.service, "copy", as: friend())
            let copy = try Descriptor(owning: open(grounds.home + "/copy", O_RDONLY | O_DIRECTORY))
            #expect(try copy.names() == [strange, FileName("link".utf8)])
            #expect(try Descriptor.readLink(copy.raw, Array("link".utf8)) == strange.bytes)
        }
    }

    @Test func `a sparse file stays sparse`() async throws {
        try await withGrounds(in: memoryFolder) { grounds in
            let path = grounds.home + "/sparse"
            try grounds.writeBytes("home/sparse", noise(100_000, seed: 1))
            truncate(path, 64 << 20)
            let file = open(path, O_WRONLY)
            pwrite(file, [1, 2, 3], 3, 40 << 20)
            close(file)
            let sent = try await grounds.service.push([path], to: grounds.service, "copy", as: friend())
            #expect(sent.bytes == 64 << 20)
            #expect(sent.sentBytes < 1 << 20)
            #expect(FileManager.default.contentsEqual(atPath: path, andPath: grounds.home + "/copy"))
            var facts = stat()
            #expect(stat(grounds.home + "/copy", &facts) == 0)
            #expect(facts.st_blocks * 512 < 1 << 20)
        }
    }

    @Test func `a pattern is expanded where the files are, and nowhere else`() async throws {
        try await withGrounds { grounds in
            for name in ["a.log", "b.log", ".c.log", "d.txt", "e*.log"] { try grounds.write("home/logs/" + name, name) }
            try grounds.write("home/.ssh/id.log", "key")
            try grounds.write("outside/o.log", "outside")
            let service = grounds.service
            for (pattern, names) in [
                ("logs/*.log", ["a.log", "b.log", "e*.log"]), ("logs/?.log", ["a.log", "b.log"]),
                ("l*/[!a].txt", ["d.txt"]), ("logs/e*.log", ["e*.log"]), ("logs/.*.log", [".c.log"]),
                ("logs/[ab].log", ["a.log", "b.log"]),
            ] {
                let into = grounds.outside + "/to"
                _ = try await service.pull([pattern], from: service, into: into + "/", as: friend())
                #expect(try grounds.names("outside/to") == names, "\(pattern)")
                try FileManager.default.removeItem(atPath: into)
            }
            for pattern in [".ssh/*", ".s*/*", "../outside/*", grounds.outside + "/*", "logs/*.none"] {
                let (entries, content) = try await service.fetch([pattern], as: friend())
                #expect(entries.map { $0.error?.code } == [.notFound], "\(pattern)")
                #expect(content == "")
            }
        }
    }

    @Test func `two sources of one name do not take each other's place`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/a/same", "one")
            try grounds.write("home/b/same", "two")
            let news = News()
            _ = try await grounds.service.pull(
                ["*/same"], from: grounds.service, into: grounds.outside + "/", as: friend(), news: news)
            #expect(Set(await news.codes) == [nil, .conflict])
            #expect(grounds.read("outside/same") == "one")
        }
    }

    @Test func `a dry run says what would be sent and changes nothing`() async throws {
        try await withGrounds { grounds in
            try grounds.write("outside/tree/new", "new")
            try grounds.write("outside/tree/same", "same")
            let service = grounds.service
            _ = try await service.push([grounds.outside + "/tree/same"], to: service, "in/tree/", as: friend())
            let before = try grounds.snapshot("home")
            for (destination, pending, unchanged) in [("in/", 1, 2), ("absent/", 3, 0), ("in/tree", 1, 2)] {
                let (near, far) = Duplex.pair()
                async let answered: Void = answer(far) {
                    let request = PutFiles(destination: destination, isDryRun: true)
                    return try await service.put(request, over: far, from: friend())
                }
                let request = SendFiles(
                    peer: "studio", sources: [grounds.outside + "/tree"], destination: destination, isDryRun: true)
                let summary = try await service.send(request, over: near) { _ in }
                try await answered
                #expect((summary.entries, summary.unchanged, summary.sentBytes) == (pending, unchanged, 0))
                #expect(try grounds.snapshot("home") == before)
            }
        }
    }

    @Test func `a dry run says what would be replaced, and what an interrupted transfer has left`() async throws {
        try await withGrounds { grounds in
            try grounds.write("outside/tree/other", "new words")
            try grounds.writeBytes("outside/tree/large", Array(repeating: 7, count: 3 << 20))
            try grounds.write("home/tree/other", "old")
            try grounds.writeBytes("home/tree/.large.kith-part", Array(repeating: 7, count: 2 << 20))
            let service = grounds.service
            let (near, far) = Duplex.pair()
            async let answered: Void = answer(far) {
                try await service.put(PutFiles(destination: "~/", isDryRun: true), over: far, from: friend())
            }
            let news = News()
            let request = SendFiles(
                peer: "studio", sources: [grounds.outside + "/tree"], destination: "~/", isDryRun: true)
            let summary = try await service.send(request, over: near) { await news.add($0) }
            try await answered
            let outcomes = await news.events.compactMap(\.outcome).filter { $0.size > 0 }
            #expect(Set(outcomes.map(\.state)) == [.replacing, .pending])
            #expect(outcomes.first { $0.state == .pending }?.size == 1 << 20)
            #expect(summary.bytes == (1 << 20) + 9)
        }
    }

    @Test func `a transfer of which nothing could be placed is no success`() async throws {
        try await withGrounds { grounds in
            try grounds.folder("home/.ssh")
            let (outcomes, failure) = try await grounds.service.feed(
                fileFrames(".ssh/id", "x") + [.over], to: "~/", as: friend())
            #expect(outcomes.map { $0.error?.code } == [.denied])
            #expect(failure?.code == .denied)
            let news = News()
            let failed = await code {
                let wire = Wire()
                async let summary = grounds.service.get(GetFiles(paths: ["none"]), over: wire.far, from: friend())
                while let frame = try await wire.near.receive(), try !frame.sourceRecords.contains(.over) {}
                try await wire.near.send(Frame(.end))
                return try await summary
            }
            #expect(failed == .notFound)
            #expect(await news.events.isEmpty)
        }
    }

    @Test func `a stream becomes a file when it has ended, and not before`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/file", "old")
            for frames in [[Frame(.data, [1])], [Frame(.data, [1]), Frame(.failure, [123, 125])]] {
                let wire = Wire()
                async let failed = code {
                    try await grounds.service.write(WriteFile(path: "file"), over: wire.far, from: friend())
                }
                for frame in frames { try await wire.near.send(frame) }
                await wire.up.finish()
                #expect(await failed != nil)
                #expect(grounds.read("home/file") == "old")
            }
            let (near, far) = Duplex.pair()
            async let outcome = grounds.service.write(
                WriteFile(path: "file", mode: 0o4600), over: far, from: friend())
            for frame in [Frame(.data, Array("ne".utf8)), Frame(.data, Array("w".utf8)), Frame(.end)] {
                try await near.send(frame)
            }
            let hash = SHA256.hash(Array("new".utf8)).hexadecimal
            #expect(try await outcome == TransferOutcome(path: grounds.home + "/file", size: 3, sha256: hash))
            #expect(try await grounds.service.stat(StatFile(path: "file"), from: .owner).mode == 0o600)
            #expect(try grounds.names("home") == ["file"])
        }
    }

    @Test func `streams stay inside what is granted`() async throws {
        try await withGrounds { grounds in
            try grounds.write("outside/secret", "outside")
            try grounds.write("home/.ssh/id", "key")
            try grounds.link("home/leak", to: "../outside/secret")
            for path in ["../outside/secret", ".ssh/id", grounds.outside + "/secret", "leak"] {
                let (_, far) = Duplex.pair()
                let service = grounds.service
                #expect(
                    await code { try await service.read(ReadFile(path: path), over: far, from: friend()) } == .notFound)
                guard path != "leak" else { continue }
                let refused = await code {
                    try await service.write(WriteFile(path: path), over: far, from: friend())
                }
                #expect([.denied, .notFound].contains(refused))
            }
        }
    }
}
