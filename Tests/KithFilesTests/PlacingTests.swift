import Foundation
import Glibc
import KithAPI
import KithDigest
import Testing

@testable import KithFiles

/// A file appears whole or not at all, and where it was sent.
@Suite struct PlacingTests {
    @Test func `a sender that vanishes leaves the old file and nothing else`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/file", "old")
            let wire = Wire()
            async let failed = code {
                try await grounds.service.put(PutFiles(destination: "file"), over: wire.far, from: friend())
            }
            let frames = largeFrames("file", [[UInt8](repeating: 1, count: 200_000)])
            for frame in frames.dropLast() { try await wire.near.send(frame) }
            await wire.up.finish()
            #expect(await failed == .peerOffline)
            #expect(try grounds.names("home") == ["file"])
            #expect(grounds.read("home/file") == "old")
        }
    }

    @Test func `a sender that fails leaves the old file and is quoted`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/file", "old")
            let failure = try Frame(.failure, json: KithError(.fileIO, "The disk is broken."))
            let frames = Array(fileFrames("file", "new").dropLast()) + [failure]
            let told = try await grounds.service.feed(frames, to: "file", as: friend()).failure
            #expect(told == KithError(.fileIO, "The disk is broken."))
            #expect(grounds.read("home/file") == "old")
        }
    }

    @Test func `a wrong hash leaves the old file, and the rest goes on`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/in/file", "old")
            let wrong = SHA256.hash([])
            let (outcomes, _) = try await grounds.service.feed(
                fileFrames("file", "new", hash: wrong) + fileFrames("good", "good", file: 1) + [.over], to: "in/",
                as: friend())
            #expect(outcomes.map { $0.error?.code } == [.fileChecksum, nil])
            #expect(grounds.read("home/in/file") == "old")
            #expect(try grounds.names("home/in") == ["file", "good"])
        }
    }

    @Test func `a file that its sender could not read to the end is thrown away`() async throws {
        try await withGrounds { grounds in
            let piece = [UInt8](repeating: 1, count: 200_000)
            let frames = Array(largeFrames("file", [piece], size: 4 << 20).dropLast())
            let lost = Frame.records(.lost(0, KithError(.conflict, "It changed.")), .over)
            let (outcomes, _) = try await grounds.service.feed(frames + [lost], to: "file", as: friend())
            #expect(
                outcomes == [TransferOutcome(path: grounds.home + "/file", error: KithError(.conflict, "It changed."))])
            #expect(try grounds.names("home") == [])
        }
    }

    @Test(arguments: [true, false]) func `with and without unnamed files, nothing half done is left`(_ unnamed: Bool)
        async throws
    {
        try await withGrounds { grounds in
            try grounds.write("home/file", "old")
            let boundary = Boundary(ownerAt: Home(grounds.home))
            let place = try boundary.place(try RequestedPath("file", home: boundary.home))
            let target = Target(folder: place.folder, name: place.name)
            var header = EntryHeader.of("file", size: 3, mode: 0o640)
            header.modified = 5_000_000_007
            let digest = SHA256.hash(Array("new".utf8))

            var writer: FileWriter? = try FileWriter(header, at: target, unnamed: unnamed)
            try writer?.write([1])
            #expect(try grounds.names("home").count == (unnamed ? 1 : 2))
            writer = nil
            #expect(try grounds.names("home") == ["file"])

            writer = try FileWriter(header, at: target, unnamed: unnamed)
            let file = try #require(try writer?.fill(Array("new".utf8), digest, hash: digest))
            let staged = Staged(.file(file, target), in: 0, EntryVerdict(target.path.bytes, .placed))
            #expect(await Committer().commit([staged]) == [staged.verdict])
            #expect(try grounds.names("home") == ["file"])
            #expect(grounds.read("home/file") == "new")
            #expect(try grounds.snapshot("home")["file"]?.hasPrefix("100640 5.7 ") == true)
        }
    }

    @Test func `the longest name that a folder takes can be placed`() async throws {
        try await withGrounds { grounds in
            let name = String(repeating: "n", count: 255)
            for text in ["x", "longer"] {
                let (outcomes, _) = try await grounds.service.feed(
                    fileFrames(name, text) + [.over], to: "in/", as: friend())
                #expect(outcomes.map(\.error) == [nil])
            }
        }
    }

    @Test func `a file does not take the place of a folder`() async throws {
        try await withGrounds { grounds in
            try grounds.folder("home/in")
            let (outcomes, _) = try await grounds.service.feed(
                fileFrames("x", "x") + [.over], to: "in", as: friend())
            #expect(outcomes.map { $0.error?.code } == [.fileIsFolder])
            #expect(outcomes.first?.error?.hint?.contains("`/`") == true)
        }
    }

    @Test func `a slash at the end makes the folder, and those above it`() async throws {
        try await withGrounds { grounds in
            let (outcomes, _) = try await grounds.service.feed(
                fileFrames("x", "x") + [.over], to: "a/b/c/", as: friend())
            #expect(outcomes.map(\.path) == [grounds.home + "/a/b/c/x"])
        }
    }

    @Test func `an exact name needs its folder`() async throws {
        try await withGrounds { grounds in
            for caller in [Caller.owner, try friend()] {
                let (_, failure) = try await grounds.service.feed(fileFrames("x", "x"), to: "missing/y", as: caller)
                #expect(failure?.code == .notFound)
                #expect(failure?.message == "There is no folder `\(grounds.home)/missing`.")
                #expect(failure?.hint?.contains("`/`") == true)
            }
        }
    }

    @Test func `a folder sent onto a folder merges into it and leaves its mode alone`() async throws {
        try await withGrounds { here in
            try await withGrounds { there in
                try here.write("home/tree/a", "new")
                try here.write("home/tree/b", "new")
                try there.write("home/tree/a", "old")
                try there.write("home/tree/c", "old")
                chmod(there.home + "/tree", 0o700)
                chmod(here.home + "/tree", 0o777)
                _ = try await here.service.push([here.home + "/tree"], to: there.service, "tree", as: friend())
                #expect(try there.names("home/tree") == ["a", "b", "c"])
                #expect(there.read("home/tree/a") == "new")
                #expect(try await there.service.stat(StatFile(path: "tree"), from: .owner).mode == 0o700)
            }
        }
    }

    @Test func `several sources need a folder`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/a")
            try grounds.write("home/b")
            try grounds.folder("home/there")
            let service = grounds.service
            #expect(
                await code { try await service.pull(["a", "b"], from: service, into: "new", as: .owner) }
                    == .requestInvalid)
            _ = try await service.pull(["a", "b"], from: service, into: "there", as: .owner)
            #expect(try grounds.names("home/there") == ["a", "b"])
            let news = News()
            _ = try await service.push(
                [grounds.home + "/a", grounds.home + "/b"], to: service, "new", as: .owner, news: news)
            #expect(Set(await news.codes) == [nil, .requestInvalid])
        }
    }

    @Test func `a peer cannot answer a pull with something else`() async throws {
        try await withGrounds { grounds in
            let wire = Wire()
            let news = News()
            let request = PullFiles(peer: "studio", sources: ["notes/today"], destination: "~/")
            async let summary = grounds.service.receive(request, over: wire.near) { await news.add($0) }
            for frame in fileFrames(".bashrc", "planted").prefix(1) + fileFrames("today", "fine", file: 1) + [.over] {
                try await wire.far.send(frame)
            }
            try await wire.far.send(try Frame(.end, json: TransferSummary()))
            while let frame = try await wire.far.receive(), frame.kind != .end {}
            #expect(try await summary.untimed == TransferSummary(entries: 1, bytes: 4, sentBytes: 4, failures: 1))
            #expect(await news.codes == [.protocolViolation, nil])
            #expect(try grounds.names("home") == ["today"])
        }
    }

    @Test func `a source without a name of its own is not pulled into a folder`() async throws {
        try await withGrounds { grounds in
            for source in [".", "/", "~", "..", "~/", "a/.."] {
                let failed = await code {
                    try await grounds.service.pull([source], from: grounds.service, into: "in/", as: .owner)
                }
                #expect(failed == .requestInvalid)
            }
        }
    }
}
