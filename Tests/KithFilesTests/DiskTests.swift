import Foundation
import Glibc
import KithAPI
import Synchronization
import Testing

@testable import KithFiles

/// Disks that are full, read-only, changing, or hold what is not a file.
@Suite struct DiskTests {
    static let canMount = withTinyDisk { _ in true } ?? false

    @Test(.enabled(if: DiskTests.canMount, "mounting needs root"))
    func `a full disk leaves the old file and says so`() async throws {
        let disk = try #require(TinyDisk())
        defer { disk.unmount() }
        try await withGrounds(in: disk.path) { grounds in
            try grounds.write("home/file", "old")
            let source = try await withGrounds { here in
                try here.writeBytes("home/file", Array(repeating: 1, count: 3 << 20))
                try here.write("home/small")
                let news = News()
                _ = try await here.service.push(
                    [here.home + "/file", here.home + "/small"], to: grounds.service, "~/", as: friend(), news: news)
                return await news.codes
            }
            #expect(source == [.fileNoSpace, nil])
            #expect(grounds.read("home/file") == "old")
            #expect(try grounds.names("home") == ["file", "small"])
        }
    }

    @Test(.enabled(if: DiskTests.canMount, "mounting needs root"))
    func `a disk that may not be written is told as a lack of permission`() async throws {
        let disk = try #require(TinyDisk())
        defer { disk.unmount() }
        try await withGrounds(in: disk.path) { grounds in
            try grounds.write("home/in/file", "old")
            #expect(disk.makeReadOnly())
            let (outcomes, _) = try await grounds.service.feed(
                fileFrames("file", "new") + [.over], to: "in/", as: friend())
            #expect(outcomes.map { $0.error?.code } == [.filePermission])
            #expect(grounds.read("home/in/file") == "old")
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func `a folder that may not be written is told as a lack of permission`() async throws {
        try await withGrounds { grounds in
            try grounds.folder("home/in")
            chmod(grounds.home + "/in", 0o500)
            let (outcomes, _) = try await grounds.service.feed(
                fileFrames("file", "new") + [.over], to: "in/", as: friend())
            #expect(outcomes.map { $0.error?.code } == [.filePermission])
        }
    }

    enum Change: CaseIterable {
        case grows, shrinks, isRewritten
    }

    @Test(arguments: Change.allCases) func `a file that changes while it is read is not passed for whole`(
        _ change: Change
    ) async throws {
        try await withGrounds { grounds in
            try grounds.writeBytes("home/file", Array(repeating: 1, count: 3 << 20))
            let packer = Packer([grounds.home + "/file"], in: Boundary(ownerAt: Home(grounds.home)))
            _ = try await packer.next()
            _ = try await packer.take([.want(0, blocks: [], from: 0)])
            _ = try await packer.next()
            switch change {
            case .grows: truncate(grounds.home + "/file", 4 << 20)
            case .shrinks: truncate(grounds.home + "/file", (1 << 20) + 5)
            case .isRewritten: try grounds.writeBytes("home/file", Array(repeating: 2, count: 3 << 20))
            }
            var last: [SourceRecord] = []
            while let batch = try await packer.next() {
                for frame in batch.frames where frame.kind == .extra { last = try frame.sourceRecords }
            }
            let conflict = KithError(
                .conflict, "`\(grounds.home)/file` changed while it was read.",
                hint: "Send it again when nothing writes to it.")
            #expect(last == [.lost(0, conflict), .over])
            #expect(await packer.sent().failures == 1)
        }
    }

    @Test func `what is not a file is told and never opened`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/box/file")
            mkfifo(grounds.home + "/box/fifo", 0o600)
            try grounds.link("home/box/zero", to: "/dev/zero")
            let (entries, content) = try await grounds.service.fetch(["box", "box/fifo", "/dev/zero"], as: .owner)
            #expect(entries.map { $0.error?.code } == [nil, .fileIO, nil, nil, .fileIO, .fileIO])
            #expect(content == "content")
            #expect(
                await code { try await grounds.service.list(ListFiles(path: "box/fifo"), from: .owner) }
                    == .fileNotFolder)
            #expect(try await grounds.service.stat(StatFile(path: "box/fifo"), from: .owner).type == .other)
        }
    }

    @Test func `a file that arrives where a pipe stands takes its place`() async throws {
        try await withGrounds { grounds in
            mkfifo(grounds.home + "/fifo", 0o600)
            let (outcomes, _) = try await grounds.service.feed(
                fileFrames("x", "x") + [.over], to: "fifo", as: friend())
            #expect(outcomes.map(\.error) == [nil])
            #expect(grounds.read("home/fifo") == "x")
        }
    }

    @Test func `a name that is not UTF-8 is listed with a replacement`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/box/a")
            let strange: [CChar] = (Array("\(grounds.home)/box/b".utf8) + [0xFF, 0]).map { CChar(bitPattern: $0) }
            close(open(strange, O_CREAT | O_WRONLY, 0o600))
            try grounds.write("home/box/c")
            let (entries, _) = try await grounds.service.fetch(["box"], as: friend())
            #expect(entries.map { $0.error?.code } == [nil, nil, nil, nil])
            let page = try await grounds.service.list(ListFiles(path: "box"), from: friend())
            #expect(page.entries.map(\.name) == ["a", "b\u{FFFD}", "c"])
        }
    }

    @Test func `a long folder is listed by pages of a thousand`() async throws {
        try await withGrounds { grounds in
            try grounds.folder("home/many")
            let names = (0..<2_500).map { "file \(10_000 + $0)" }
            for name in names { close(creat(grounds.home + "/many/" + name, 0o600)) }
            var pages: [[String]] = []
            var request = ListFiles(path: "many")
            repeat {
                let page = try await grounds.service.list(request, from: friend())
                pages.append(page.entries.map(\.name))
                request.cursor = page.nextCursor
            } while request.cursor != nil
            #expect(pages.map(\.count) == [1_000, 1_000, 500])
            #expect(pages.flatMap { $0 } == names)
        }
    }

    @Test(arguments: ["x", "", "2e2", "zz"]) func `a cursor that is not ours is refused`(_ cursor: String) async throws
    {
        try await withGrounds { grounds in
            let refused = await code { try await grounds.service.list(ListFiles(cursor: cursor), from: .owner) }
            #expect(refused == .requestInvalid)
        }
    }

    @Test func `an entry says what it is`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/file", "12345", mode: 0o640)
            let times = [timespec(tv_sec: 1_000, tv_nsec: 0), timespec(tv_sec: 1_000, tv_nsec: 0)]
            utimensat(AT_FDCWD, grounds.home + "/file", times, 0)
            let entry = try await grounds.service.stat(StatFile(path: "file"), from: friend())
            let expected = FileEntry(
                name: "file", path: grounds.home + "/file", type: .file, size: 5, mode: 0o640,
                modified: Date(timeIntervalSince1970: 1_000))
            #expect(entry == expected)
        }
    }
}

/// A file system of 1 MiB in memory, for root.
struct TinyDisk {
    let path: String

    init?() {
        path = FileManager.default.temporaryDirectory.path + "/kith-disk-" + UUID().uuidString
        guard mkdir(path, 0o700) == 0 else { return nil }
        guard mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0 else {
            rmdir(path)
            return nil
        }
    }

    func makeReadOnly() -> Bool { mount("tmpfs", path, "tmpfs", UInt(MS_RDONLY | MS_REMOUNT), nil) == 0 }

    func unmount() {
        _ = mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), nil)
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }
}

/// Runs `body` on a tiny disk; nil where mounting is not allowed.
func withTinyDisk<Value>(_ body: (TinyDisk) -> Value) -> Value? {
    guard let disk = TinyDisk() else { return nil }
    defer { disk.unmount() }
    return body(disk)
}
