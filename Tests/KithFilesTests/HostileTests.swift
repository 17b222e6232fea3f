import Foundation
import KithAPI
import Testing

@testable import KithFiles

/// Frames that no honest sender sends.
@Suite struct HostileTests {
    private static let seeds = [
        TransferHeader(
            source: 0, path: "a/b/c", type: .file, size: 3, mode: 0o755, modified: 1_700_000_000_000_000_000),
        TransferHeader(source: 0, path: "a", type: .directory, mode: 0o700),
        TransferHeader(source: 0, path: "link", type: .symlink, target: "../../outside"),
        TransferHeader(source: 1, path: "..", type: .other, error: KithError(.denied, "no")),
    ]
    private static let pieces = [
        "..", "/", "\\u0000", ".ssh", "~", "\"", "{", "9999999999999999999", "-1", "\\", "link/", "null",
    ]

    private static func mutated(_ generator: inout Seeded) throws -> Frame {
        var bytes = try JSON.encode(seeds[Int.random(in: 0..<seeds.count, using: &generator)])
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0..<max(1, bytes.count), using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: (pieces.randomElement(using: &generator) ?? "").utf8, at: place)
            default: bytes = Array(bytes[..<place])
            }
            if bytes.isEmpty { bytes = [0x7B] }
        }
        return Frame(Bool.random(using: &generator) ? .event : .data, bytes)
    }

    @Test func `ten thousand mutated headers change nothing outside of the destination`() async throws {
        try await withGrounds(in: memoryFolder) { grounds in
            try grounds.write("outside/secret", "outside")
            try grounds.write("home/.ssh/id", "key")
            let before = try grounds.snapshot("outside").merging(grounds.snapshot("home/.ssh")) { one, _ in one }
            let boundary = Boundary(
                GrantSet([GrantRule(.filesWrite)]), .filesWrite, home: Home(grounds.home), protected: [], at: Date())
            let landing = try Landing("in/", isSeveral: nil, in: boundary)
            var generator = Seeded(seed: 42)
            var unpacker = Unpacker(landing, in: boundary)
            for _ in 0..<10_000 {
                let frame = try Self.mutated(&generator)
                do {
                    _ = try await unpacker.take(frame)
                } catch {
                    unpacker = Unpacker(landing, in: boundary)
                }
            }
            let after = try grounds.snapshot("outside").merging(grounds.snapshot("home/.ssh")) { one, _ in one }
            #expect(after == before)
            #expect(try grounds.names("home") == [".ssh", "in"])
            #expect(try grounds.names("") == ["home", "outside"])
        }
    }

    @Test func `frames out of order end the transfer`() throws {
        let header = try Frame(.event, json: TransferHeader(source: 0, path: "a", type: .file, size: 2))
        let trailer = try Frame(.event, json: TransferTrailer(sha256: ""))
        let wrong: [[Frame]] = [
            [Frame(.data, [1])], [Frame(.extra)], [Frame(.open)], [header, Frame(.data, [1, 2, 3])],
            [header, Frame(.data, [1]), trailer], [header, header], [trailer],
            [try Frame(.event, json: TransferHeader(source: 9, path: "a", type: .file))],
            [try Frame(.event, json: TransferHeader(source: -1, path: "a", type: .file))],
            [try Frame(.event, json: TransferHeader(source: 0, path: "a", type: .file, size: -1))],
            [try Frame(.event, json: TransferHeader(source: 0, path: "a", type: .symlink, size: 1))],
        ]
        for frames in wrong {
            var intake = Intake(sources: 1)
            #expect(throws: KithError.self) { for frame in frames { _ = try intake.receive(frame) } }
        }
    }

    @Test func `a frame out of order reaches the sender as a failure, and leaves nothing`() async throws {
        try await withGrounds { grounds in
            let frames = try fileFrames("x", "x").dropLast() + [Frame(.data, [1, 2])]
            let (outcomes, failure) = try await grounds.service.feed(Array(frames), to: "x", as: friend())
            #expect(outcomes == [])
            #expect(failure?.code == .protocolViolation)
            #expect(try grounds.names("home") == [])
        }
    }

    @Test func `entries beyond a million end the transfer`() throws {
        var intake = Intake(sources: 1, entries: Intake.maximumEntries - 1)
        let frame = try Frame(.event, json: TransferHeader(source: 0, path: "a", type: .directory))
        _ = try intake.receive(frame)
        #expect(throws: KithError.self) { try intake.receive(frame) }
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
            group.addTask { for _ in 0..<200 { try await reporter.placed(TransferOutcome(path: "a")) } }
            group.addTask { for _ in 0..<200 { try await reporter.moved(1) } }
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
