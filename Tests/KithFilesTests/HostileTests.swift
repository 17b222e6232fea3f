import Foundation
import KithAPI
import KithDigest
import Testing

@testable import KithFiles

/// Frames that no honest sender sends.
@Suite struct HostileTests {
    private static let seeds: [Frame] = [
        .records(.entry(.of("a/b/c", size: 3, mode: 0o755))), .records(.entry(.of("a", .directory, mode: 0o700))),
        .records(.entry(.of("link", .symlink, target: "../../outside"))),
        .records(.unreadable(path: Array("..".utf8), KithError(.denied, "no"))),
        .records(
            .entry(.of("c", size: 3)), .small(0, digest: SHA256.hash(Array("new".utf8)), content: Array("new".utf8))),
        .records(.entry(.of("c", size: 3)), .begin(0), .hole(3), .finish(digest: SHA256.hash([0, 0, 0]))),
        .records(.proof(0, digest: SHA256.hash([]))), .records(.blocks(0, hashes: SHA256.hash([]), isLast: true)),
        .records(.lost(0, KithError(.fileIO, "no"))), .records(.total(7)), .records(.over),
    ]
    private static let pieces: [[UInt8]] = [
        Array("..".utf8), Array("/".utf8), [0], Array(".ssh".utf8), Array("~".utf8), [0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        [0x80], Array("link/".utf8), [1, 0], [5, 0],
    ]

    private static func mutated(_ generator: inout Seeded) -> Frame {
        var bytes = seeds[Int.random(in: 0..<seeds.count, using: &generator)].payload
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0..<max(1, bytes.count), using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
            default: bytes = Array(bytes[..<place])
            }
            if bytes.isEmpty { bytes = [1] }
        }
        return Frame(Int.random(in: 0..<4, using: &generator) > 0 ? .extra : .data, bytes)
    }

    /// What the committing task does, as far as something is staged.
    private static func settle(_ unpacker: Unpacker) async throws {
        let committer = Committer()
        while await unpacker.isStaging, let batch = try await unpacker.batch() {
            _ = await unpacker.settle(batch, await committer.commit(batch))
        }
        while await unpacker.isSpeaking { _ = try await unpacker.speech() }
    }

    @Test func `ten thousand mutated headers change nothing outside of the destination`() async throws {
        try await withGrounds(in: memoryFolder) { grounds in
            try grounds.write("outside/secret", "outside")
            try grounds.write("home/.ssh/id", "key")
            let before = try grounds.snapshot("outside").merging(grounds.snapshot("home/.ssh")) { one, _ in one }
            let boundary = Boundary(
                GrantSet([GrantRule(.filesWrite)]), .filesWrite, home: Home(grounds.home), protected: [], at: Date())
            let plan = Plan(landing: try Landing("in/", .init(), in: boundary), boundary: boundary)
            var generator = Seeded(seed: 42)
            var unpacker = Unpacker(plan)
            for _ in 0..<10_000 {
                let frame = Self.mutated(&generator)
                do {
                    _ = try await unpacker.take(frame)
                    try await Self.settle(unpacker)
                } catch {
                    unpacker = Unpacker(plan)
                }
            }
            let after = try grounds.snapshot("outside").merging(grounds.snapshot("home/.ssh")) { one, _ in one }
            #expect(after == before)
            #expect(try grounds.names("home") == [".ssh", "in"])
            #expect(try grounds.names("") == ["home", "outside"])
        }
    }

    @Test func `frames out of order end the transfer`() async throws {
        let entry = Frame.records(.entry(.of("a", size: 200_000)))
        let end = Frame.records(.finish(digest: SHA256.hash([])))
        let begin = Frame.records(.begin(0))
        let small = Frame.records(.small(0, digest: SHA256.hash([1]), content: [1]))
        var foreign = EntryHeader.of("a")
        foreign.source = 1_000
        let wrong: [[Frame]] = [
            [Frame(.data, [1])], [Frame(.event)], [Frame(.open)], [Frame(.extra, [99])], [Frame(.extra, [1, 0])],
            [entry, begin, Frame(.data, [UInt8](repeating: 0, count: 200_001))],
            [entry, begin, Frame(.data, [1]), end],
            [entry, begin, begin], [begin], [end], [small], [entry, small], [entry, .over],
            [entry, .records(.proof(0, digest: SHA256.hash([])))], [entry, .records(.hole(1))],
            [entry, .records(.blocks(0, hashes: [], isLast: true))], [.records(.entry(foreign))],
            [.records(.entry(.of("a", .symlink, size: 1, target: "b")))],
        ]
        try await withGrounds { grounds in
            for frames in wrong {
                let failure = try await grounds.service.feed(frames, to: "in/", as: friend()).failure
                #expect(failure?.code == .protocolViolation)
            }
            #expect(try grounds.names("home/in") == [])
        }
    }

    @Test func `a frame out of order reaches the sender as a failure, and leaves nothing`() async throws {
        try await withGrounds { grounds in
            let frames = Array(fileFrames("x", "x").dropLast()) + [Frame(.data, [1, 2])]
            let (outcomes, failure) = try await grounds.service.feed(frames, to: "x", as: friend())
            #expect(outcomes == [])
            #expect(failure?.code == .protocolViolation)
            #expect(try grounds.names("home") == [])
        }
    }

    @Test func `entries beyond a million end the transfer`() throws {
        var intake = Intake(sources: 1, entries: Intake.maximumEntries - 1)
        let record = SourceRecord.entry(.of("a", .directory))
        try intake.admit(record, waiting: 0)
        #expect(throws: KithError.self) { try intake.admit(record, waiting: 0) }
    }

    @Test(arguments: ["", "a\u{0}", String(repeating: "a", count: 4_097)]) func `a path that cannot be is refused`(
        _ path: String
    ) async throws {
        try await withGrounds { grounds in
            for caller in [Caller.owner, try friend()] {
                #expect(
                    await code { try await grounds.service.stat(StatFile(path: path), from: caller) } == .requestInvalid
                )
                #expect(
                    await code { try await grounds.service.list(ListFiles(path: path), from: caller) }
                        == .requestInvalid)
                let (_, failure) = try await grounds.service.feed([], to: path, as: caller)
                #expect(failure?.code == .requestInvalid)
            }
        }
    }

    @Test func `progress is due ten times a second, also when the clock is set back`() {
        var meter = ProgressMeter()
        let due = [0, 0.05, 0.099, 0.1, 0.15, -5, -4.95, -4.8].map { meter.isDue(at: Date(timeIntervalSince1970: $0)) }
        #expect(due == [true, false, false, true, false, true, false, true])
    }

    @Test func `news that come from two sides at once are told one at a time`() async throws {
        let ears = Ears()
        let reporter = Reporter(now: { Date() }) { _ in try await ears.listen() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for _ in 0..<200 { try await reporter.placed([EntryVerdict([97], .placed)]) } }
            group.addTask { for _ in 0..<200 { try await reporter.moved(by: 1) } }
            try await group.waitForAll()
        }
        #expect(await ears.heard >= 200)
        #expect(await ears.mostAtOnce == 1)
    }

    private actor Ears {
        private(set) var heard = 0
        private(set) var mostAtOnce = 0
        private var current = 0

        func listen() async throws {
            current += 1
            mostAtOnce = max(mostAtOnce, current)
            await Task.yield()
            current -= 1
            heard += 1
        }
    }
}
