import Foundation
import Glibc
import KithAPI
import Synchronization
import Testing

@testable import KithFiles

/// Somebody swaps a folder for a link to the outside while a peer reads and writes through it.
@Suite struct RaceTests {
    /// Swaps as fast as it can until told to stop.
    private final class Swapper: Sendable {
        private let isStopped = Atomic(false)
        let swaps = Atomic(0)

        func run(in folder: String) {
            while !isStopped.load(ordering: .relaxed) {
                rename(folder + "/door", folder + "/real")
                rename(folder + "/evil", folder + "/door")
                rename(folder + "/door", folder + "/evil")
                rename(folder + "/real", folder + "/door")
                swaps.add(1, ordering: .relaxed)
            }
        }

        func stop() { isStopped.store(true, ordering: .relaxed) }
    }

    /// How often each is tried: `scripts/chaos-files race` asks for more.
    private static let rounds = ProcessInfo.processInfo.environment["KITH_RACES"].flatMap { Int($0) } ?? 1_000

    private func withSwapping(_ body: (Grounds) async throws -> Void) async throws {
        try await withGrounds(in: memoryFolder) { grounds in
            try grounds.write("outside/secret", "outside")
            try grounds.write("home/.ssh/secret", "outside")
            try grounds.write("home/door/secret", "inside")
            try grounds.link("home/evil", to: grounds.outside)
            let swapper = Swapper()
            let thread = Thread { swapper.run(in: grounds.home) }
            thread.start()
            defer { swapper.stop() }
            try await body(grounds)
            #expect(swapper.swaps.load(ordering: .relaxed) > 0)
            #expect(try grounds.names("outside") == ["secret"])
            #expect(try grounds.names("home/.ssh") == ["secret"])
        }
    }

    @Test func `a place that is opened is never outside`() async throws {
        try await withSwapping { grounds in
            let boundary = Boundary(
                GrantSet([GrantRule(.filesRead)]), .filesRead, home: Home(grounds.home), protected: [], at: Date())
            let request = try RequestedPath("door/secret", home: boundary.home)
            var inside = 0
            for _ in 0..<5 * Self.rounds {
                guard let found = try? boundary.open(request) else { continue }
                inside += 1
                #expect(found.path.text.hasPrefix(grounds.home + "/"))
                #expect(found.status.size == "inside".utf8.count)
            }
            #expect(inside > 0)
        }
    }

    @Test func `what is read through it is never from outside`() async throws {
        try await withSwapping { grounds in
            for _ in 0..<Self.rounds {
                let (_, content) = try await grounds.service.fetch(["door/secret", "door"], as: friend())
                #expect(!content.contains("outside"))
            }
        }
    }

    @Test func `what is written through it never lands outside`() async throws {
        try await withSwapping { grounds in
            let frames = fileFrames("planted", "planted") + [.over]
            for _ in 0..<Self.rounds / 2 {
                _ = try await grounds.service.feed(frames, to: "door/", as: friend())
                _ = try await grounds.service.feed(frames, to: "door/planted", as: friend())
            }
        }
    }

    @Test func `entries of a folder that is written never land outside`() async throws {
        try await withSwapping { grounds in
            let folder = Frame.records(.entry(.of("door", .directory, mode: 0o755)))
            let frames = [folder] + fileFrames("door/planted", "planted") + [.over]
            for _ in 0..<Self.rounds / 2 { _ = try await grounds.service.feed(frames, to: "~/", as: friend()) }
        }
    }
}
