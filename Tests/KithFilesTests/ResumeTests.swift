import Foundation
import Glibc
import KithAPI
import KithDigest
import Testing

@testable import KithFiles

/// Transfers that break off, and go on.
@Suite struct ResumeTests {
    private static let part = ".big.kith-part"

    @Test func `a large file that breaks off anywhere goes on, and hardly anything is sent again`() async throws {
        try await withGrounds(in: memoryFolder) { grounds in
            let size = (24 << 20) + 12_345
            let bytes = noise(size, seed: 3)
            try grounds.writeBytes("outside/big", bytes)
            var generator = Seeded(seed: 99)
            for round in 0..<20 {
                try grounds.writeBytes("home/big", Array("old".utf8))
                let cut = Int.random(in: 0..<size, using: &generator)
                let first = try await grounds.service.push(
                    [grounds.outside + "/big"], to: grounds.service, "big", cutAfter: cut)
                #expect(first.summary == nil)
                #expect(grounds.read("home/big") == "old", "round \(round)")
                let second = try await grounds.service.push(
                    [grounds.outside + "/big"], to: grounds.service, "big", cutAfter: .max)
                #expect(second.summary?.failures == 0)
                #expect(first.sentBytes + second.sentBytes - size <= 4 << 20, "round \(round), cut at \(cut)")
                #expect(FileManager.default.contents(atPath: grounds.home + "/big") == Data(bytes))
                #expect(try grounds.names("home") == ["big"])
            }
        }
    }

    @Test func `a tree that breaks off anywhere goes on, and hardly anything is sent again`() async throws {
        try await withGrounds(in: memoryFolder) { grounds in
            var generator = Seeded(seed: 5)
            var size = 0
            for number in 0..<1_000 {
                let count = number % 50 == 0 ? 300_000 : Int.random(in: 0..<20_000, using: &generator)
                try grounds.writeBytes("outside/tree/\(number % 20)/\(number)", noise(count, seed: UInt64(number)))
                size += count
            }
            for round in 0..<5 {
                let target = "copy\(round)"
                let cut = Int.random(in: 0..<size, using: &generator)
                let first = try await grounds.service.push(
                    [grounds.outside + "/tree"], to: grounds.service, target, cutAfter: cut)
                let second = try await grounds.service.push(
                    [grounds.outside + "/tree"], to: grounds.service, target, cutAfter: .max)
                #expect(second.summary?.failures == 0)
                #expect(first.sentBytes + second.sentBytes - size <= 4 << 20)
                #expect(
                    try grounds.snapshot("outside/tree", times: false)
                        == grounds.snapshot("home/\(target)", times: false))
            }
        }
    }

    @Test func `only the damaged block of a part is sent again`() async throws {
        try await withGrounds(in: memoryFolder) { grounds in
            var bytes = noise(8 << 20, seed: 4)
            try grounds.writeBytes("outside/big", bytes)
            let whole = bytes
            bytes[(3 << 20) + 17] ^= 1
            try grounds.writeBytes("home/" + Self.part, Array(bytes.prefix((5 << 20) + 100)))
            let sent = try await grounds.service.push(
                [grounds.outside + "/big"], to: grounds.service, "big", cutAfter: .max)
            #expect(sent.sentBytes == (1 << 20) + (3 << 20) - 100)
            #expect(FileManager.default.contents(atPath: grounds.home + "/big") == Data(whole))
            #expect(try grounds.names("home") == ["big"])
        }
    }

    @Test func `a part of something else is not believed`() async throws {
        try await withGrounds(in: memoryFolder) { grounds in
            try grounds.writeBytes("outside/big", noise(3 << 20, seed: 1))
            try grounds.writeBytes("home/" + Self.part, noise(9 << 20, seed: 2))
            let news = News()
            let sent = try await grounds.service.push(
                [grounds.outside + "/big"], to: grounds.service, "big", as: friend(), news: news)
            #expect(sent.untimed == TransferSummary(entries: 1, bytes: 3 << 20, sentBytes: 3 << 20))
            #expect(await news.outcomes.first?.treeHash == noise(3 << 20, seed: 1).treeHash)
        }
    }

    @Test(arguments: ["symlink", "hard link", "folder", "pipe"])
    func `what somebody else put in the place of a part is left alone`(_ kind: String) async throws {
        try await withGrounds(in: memoryFolder) { grounds in
            let bytes = noise(2 << 20, seed: 1)
            try grounds.writeBytes("outside/big", bytes)
            try grounds.write("outside/victim", "victim")
            let part = grounds.home + "/" + Self.part
            switch kind {
            case "symlink": try grounds.link("home/" + Self.part, to: grounds.outside + "/victim")
            case "hard link": #expect(link(grounds.outside + "/victim", part) == 0)
            case "folder": try grounds.folder("home/" + Self.part)
            default: mkfifo(part, 0o600)
            }
            let sent = try await grounds.service.push(
                [grounds.outside + "/big"], to: grounds.service, "big", cutAfter: .max)
            #expect(sent.summary?.failures == 0)
            #expect(FileManager.default.contents(atPath: grounds.home + "/big") == Data(bytes))
            #expect(grounds.read("outside/victim") == "victim")
            #expect(try grounds.names("home") == [Self.part, "big"])
        }
    }

    @Test func `a part that another transfer holds is left to it`() async throws {
        try await withGrounds(in: memoryFolder) { grounds in
            try grounds.writeBytes("outside/big", noise(2 << 20, seed: 1))
            try grounds.write("home/" + Self.part, "half")
            let held = open(grounds.home + "/" + Self.part, O_RDWR)
            defer { close(held) }
            #expect(flock(held, LOCK_EX | LOCK_NB) == 0)
            let sent = try await grounds.service.push(
                [grounds.outside + "/big"], to: grounds.service, "big", cutAfter: .max)
            #expect(sent.summary?.entries == 1)
            #expect(grounds.read("home/" + Self.part) == "half")
        }
    }

    @Test func `a part that nobody went on with for a week goes away`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/in/.old.kith-part", "half")
            try grounds.write("home/in/.note", "mine")
            try grounds.write("outside/a", "a")
            for (days, names) in [(6.9, [".note", ".old.kith-part", "a"]), (7.1, [".note", "a"])] {
                let now = Date() + days * 86_400
                let later = FileService(home: grounds.home, protected: [], now: { now })
                _ = try await grounds.service.push([grounds.outside + "/a"], to: later, "in/", as: friend())
                #expect(try grounds.names("home/in") == names)
            }
        }
    }

    @Test func `what is there already is not sent again`() async throws {
        try await withGrounds(in: memoryFolder) { grounds in
            try grounds.writeBytes("outside/tree/large", noise(3 << 20, seed: 1))
            try grounds.write("outside/tree/small", "small")
            try grounds.link("outside/tree/link", to: "small")
            let service = grounds.service
            _ = try await service.push([grounds.outside + "/tree"], to: service, "tree", as: friend())
            chmod(grounds.home + "/tree/small", 0o600)
            let again = try await service.push([grounds.outside + "/tree"], to: service, "tree", as: friend())
            #expect(again.untimed == TransferSummary(unchanged: 4))
            #expect(try await service.stat(StatFile(path: "tree/small"), from: .owner).mode == 0o644)
        }
    }

    @Test func `the same size and time with another content is sent`() async throws {
        try await withGrounds { grounds in
            let times = [timespec(tv_sec: 5, tv_nsec: 7), timespec(tv_sec: 5, tv_nsec: 7)]
            for (path, text) in [("outside/a", "new"), ("home/a", "old")] {
                try grounds.write(path, text)
                utimensat(AT_FDCWD, grounds.root + "/" + path, times, 0)
            }
            let sent = try await grounds.service.push([grounds.outside + "/a"], to: grounds.service, "a", as: friend())
            #expect(sent.untimed == TransferSummary(entries: 1, bytes: 3, sentBytes: 3))
            #expect(grounds.read("home/a") == "new")
        }
    }
}
