import Glibc
import KithAPI
import KithDigest
import Testing

@testable import KithFiles

@Suite struct RoundTripTests {
    private func fillTree(_ grounds: Grounds) throws {
        try grounds.write("home/tree/a file with spaces", "one")
        try grounds.write("home/tree/übung/日本語.txt", "two")
        try grounds.write("home/tree/new\nline", "three")
        try grounds.write("home/tree/empty", "")
        try grounds.write("home/tree/bin/run", "#!/bin/sh\n", mode: 0o755)
        try grounds.folder("home/tree/empty folder")
        try grounds.link("home/tree/link", to: "bin/run")
        try grounds.link("home/tree/dangling", to: "/nowhere/at/all")
        for name in ["empty", "bin", "link", "übung/日本語.txt"] {
            let times = [
                timespec(tv_sec: 1_234_567_890, tv_nsec: 123_456_789),
                timespec(tv_sec: 1_234_567_890, tv_nsec: 123_456_789),
            ]
            utimensat(AT_FDCWD, grounds.home + "/tree/" + name, times, AT_SYMLINK_NOFOLLOW)
        }
    }

    @Test func `a tree that is sent arrives the same, times and links and modes included`() async throws {
        try await withGrounds { here in
            try await withGrounds { there in
                try fillTree(here)
                let news = News()
                let summary = try await here.service.push(
                    [here.home + "/tree"], to: there.service, "inbox/", as: friend(), news: news)
                #expect(try here.snapshot("home/tree") == there.snapshot("home/inbox/tree"))
                #expect(summary.untimed == TransferSummary(entries: 11, bytes: 21, sentBytes: 21, failures: 0))
                #expect(await news.outcomes.count == 11)
                #expect(await news.events.last?.summary == summary)
            }
        }
    }

    @Test func `a tree that is pulled arrives the same`() async throws {
        try await withGrounds { here in
            try await withGrounds { there in
                try fillTree(there)
                let summary = try await here.service.pull(
                    ["tree"], from: there.service, into: here.home + "/copy", as: friend())
                #expect(try there.snapshot("home/tree") == here.snapshot("home/copy"))
                #expect(summary.untimed == TransferSummary(entries: 11, bytes: 21, sentBytes: 21, failures: 0))
            }
        }
    }

    @Test func `a big file arrives with the same hash`() async throws {
        try await withGrounds { here in
            try await withGrounds { there in
                var generator = Seeded(seed: 1)
                let words = (0..<(1 << 17)).map { _ in generator.next() }
                let bytes = Array(repeating: words.withUnsafeBytes { Array($0) }, count: 64).flatMap { $0 }
                try here.writeBytes("home/big", bytes)
                let news = News()
                _ = try await here.service.push(
                    [here.home + "/big"], to: there.service, "big", as: friend(), news: news)
                var outcome = TransferOutcome(path: there.home + "/big", size: 64 << 20)
                outcome.treeHash = bytes.treeHash
                #expect(await news.outcomes == [outcome])
                #expect(try await there.service.stat(StatFile(path: "big"), from: .owner).size == 64 << 20)
            }
        }
    }

    @Test func `set-user-ID bits do not travel`() async throws {
        try await withGrounds { here in
            try here.write("home/tool", "x", mode: 0o6755)
            _ = try await here.service.push([here.home + "/tool"], to: here.service, "copy", as: friend())
            #expect(try await here.service.stat(StatFile(path: "copy"), from: .owner).mode == 0o755)
        }
    }

    @Test func `a source that is a link is followed, a link inside a folder is not`() async throws {
        try await withGrounds { here in
            try here.write("home/real", "text")
            try here.link("home/alias", to: "real")
            _ = try await here.service.push([here.home + "/alias"], to: here.service, "copy", as: friend())
            #expect(try await here.service.stat(StatFile(path: "copy"), from: .owner).type == .file)
        }
    }

    @Test func `a thousand sources at most, one at least`() async throws {
        try await withGrounds { here in
            let many = Array(repeating: "x", count: 1_001)
            #expect(
                await code { try await here.service.pull(many, from: here.service, into: "in/", as: .owner) }
                    == .requestInvalid)
            #expect(
                await code { try await here.service.pull([], from: here.service, into: "in/", as: .owner) }
                    == .requestInvalid)
        }
    }

    @Test func `what cannot be read is told by path and the rest goes on`() async throws {
        try await withGrounds { here in
            try await withGrounds { there in
                try here.write("home/a")
                try here.write("home/c")
                let news = News()
                let summary = try await here.service.push(
                    [here.home + "/a", here.home + "/b", here.home + "/c"], to: there.service, "in/", as: friend(),
                    news: news)
                #expect(summary.untimed == TransferSummary(entries: 2, bytes: 14, sentBytes: 14, failures: 1))
                #expect(Set(await news.codes) == [nil, .notFound])
                #expect(try there.names("home/in") == ["a", "c"])
            }
        }
    }

    @Test func `progress comes at most ten times a second and knows the total`() async throws {
        try await withGrounds { here in
            try here.writeBytes("home/big", Array(repeating: 1, count: 32 << 20))
            let stopped = FileService(home: here.home, protected: [], now: { .init(timeIntervalSince1970: 0) })
            let news = News()
            _ = try await stopped.push([here.home + "/big"], to: here.service, "copy", as: friend(), news: news)
            let kinds = await news.events.map(\.kind)
            #expect(kinds == [.progress, .entry, .done])
            #expect(await news.events.last?.totalBytes == 32 << 20)
        }
    }

    @Test func `a listener that goes away ends the transfer with its error`() async throws {
        try await withGrounds { here in
            try here.writeBytes("home/big", Array(repeating: 1, count: 4 << 20))
            let wire = Wire()
            async let answered: Void = answer(wire.far) {
                try await here.service.put(PutFiles(destination: "copy"), over: wire.far, from: friend())
            }
            let request = SendFiles(peer: "studio", sources: [here.home + "/big"], destination: "copy")
            let failed = await code {
                try await here.service.send(request, over: wire.near) { _ in
                    throw KithError(.unavailable, "Gone.")
                }
            }
            await wire.cut()
            try await answered
            #expect(failed == .unavailable)
            #expect(try here.names("home").filter { !$0.hasSuffix(".kith-part") } == ["big"])
        }
    }
}

/// Random numbers that come again for the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
