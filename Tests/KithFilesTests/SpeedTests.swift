import Foundation
import Glibc
import KithAPI
import Testing

@testable import KithFiles

/// Measurements, run by hand: `KITH_MEASURE=1 swift test -c release --filter SpeedTests`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["KITH_MEASURE"] != nil), .serialized) struct SpeedTests {
    @Test(arguments: [memoryFolder, nil]) func `one gibibyte`(_ parent: String?) async throws {
        try await withGrounds(in: parent) { grounds in
            try fill(grounds.home + "/big")
            for _ in 0..<3 {
                let time = try await timing {
                    _ = try await grounds.service.push(
                        [grounds.home + "/big"], to: grounds.service, "copy", as: friend())
                }
                report("1 GiB in \(parent ?? "the temporary folder")", time, "\(Int(1_073.7 / time.wall)) MB/s")
            }
        }
    }

    @Test(arguments: [memoryFolder, nil]) func `ten thousand small files`(_ parent: String?) async throws {
        try await withGrounds(in: parent) { grounds in
            for folder in 0..<100 {
                for file in 0..<100 {
                    try grounds.write("home/tree/\(folder)/\(file)", String(repeating: "x", count: 1_000))
                }
            }
            let time = try await timing {
                _ = try await grounds.service.push([grounds.home + "/tree"], to: grounds.service, "copy/", as: friend())
            }
            report("10,000 files in \(parent ?? "the temporary folder")", time, "")
        }
    }

    private func fill(_ path: String) throws {
        let stream = open(path, O_CREAT | O_WRONLY, 0o600)
        defer { close(stream) }
        let piece = [UInt8](repeating: 7, count: 1 << 20)
        for _ in 0..<1_024 { write(stream, piece, piece.count) }
    }

    private func timing(_ body: () async throws -> Void) async throws -> (wall: Double, cpu: Double) {
        let start = (Date(), clock())
        try await body()
        return (Date().timeIntervalSince(start.0), Double(clock() - start.1) / Double(CLOCKS_PER_SEC))
    }

    private func report(_ what: String, _ time: (wall: Double, cpu: Double), _ more: String) {
        let peak =
            (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8))?
            .split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
        FileHandle.standardError.write(Data("\(what): \(time.wall) s, CPU \(time.cpu) s \(more) \(peak)\n".utf8))
    }
}
