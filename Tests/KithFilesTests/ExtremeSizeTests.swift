import Foundation
import Glibc
import KithAPI
import Testing

@testable import KithFiles

/// Sizes that no sum can hold.
@Suite struct ExtremeSizeTests {
    @Test func `entries of the largest sizes end a dry run, not the program`() async throws {
        try await withGrounds { grounds in
            let frames: [Frame] = [
                .records(.entry(.of("a", size: .max)), .entry(.of("b", size: .max))), .over,
            ]
            let (_, failure) = try await grounds.service.feed(frames, to: "in/", as: try friend(), isDryRun: true)
            #expect(failure?.code == .protocolViolation)
        }
    }

    @Test func `the sum of many large files stays a number`() async throws {
        try await withGrounds { grounds in
            let entries = (0..<1_500).map { Frame.records(.entry(.of("\($0)", size: ByteCount.largest))) }
            let (outcomes, failure) = try await grounds.service.feed(
                entries + [.over], to: "in/", as: try friend(), isDryRun: true)
            #expect(failure == nil)
            #expect(outcomes.count == 1_500)
        }
    }

    @Test func `sparse files of the largest size are surveyed, and refused one by one`() async throws {
        try #require(memoryFolder != nil)
        try await withGrounds(in: memoryFolder) { grounds in
            for name in ["a", "b"] {
                try grounds.write("home/huge/\(name)", "")
                truncate(grounds.home + "/huge/\(name)", .max - 4_095)
            }
            let boundary = Boundary(ownerAt: Home(grounds.home))
            #expect(await Survey(["huge"], in: boundary).total() == 0)
            let entries = try await grounds.service.fetch(["huge"], as: try friend()).entries
            #expect(entries.map { $0.error?.code } == [nil, .requestInvalid, .requestInvalid])
        }
    }

    @Test func `a hole longer than a sender's longest is refused before it is hashed`() async throws {
        try await withGrounds { grounds in
            let size = 1 << 40
            let frames: [Frame] = [.records(.entry(.of("c", size: size))), .records(.begin(0), .hole(size))]
            let (_, failure) = try await grounds.service.feed(frames, to: "in/", as: try friend())
            #expect(failure?.code == .protocolViolation)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `holes are not made for somebody who has gone`() async throws {
        try await withGrounds { grounds in
            let (size, count) = (1 << 30, 1 << 18)
            let (wire, service, caller) = (Wire(), grounds.service, try friend())
            // A task of its own, because the test has to cancel it.
            let transfer = Task { try await service.put(PutFiles(destination: "in/"), over: wire.far, from: caller) }
            try await wire.near.send(.records(.entry(.of("c", size: size))))
            _ = try await wire.near.receive()
            var holes = RecordWriter()
            SourceRecord.begin(0).write(to: &holes)
            for _ in 0..<count { SourceRecord.hole(size / count).write(to: &holes) }
            try await wire.near.send(Frame(.extra, holes.bytes))

            transfer.cancel()

            await #expect(throws: (any Error).self) { try await transfer.value }
            var part = stat()
            _ = stat(grounds.home + "/in/.c.kith-part", &part)
            #expect(part.st_size < size)
        }
    }

    @Test func `a file that the whole disk cannot hold is refused when it is announced`() async throws {
        try await withGrounds { grounds in
            let frames: [Frame] = [.records(.entry(.of("c", size: ByteCount.largest))), .over]
            let (outcomes, _) = try await grounds.service.feed(frames, to: "in/", as: try friend())
            #expect(outcomes.map { $0.error?.code } == [.fileNoSpace])
        }
    }
}
