import Foundation
import KithAPI
import KithTestKit
import Testing

struct TransferTests {
    @Test func `ninety-six mebibytes are sent and pulled whole, again and again`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let original = mesh["laptop"].userHome.appendingPathComponent("original")
            _ = try await Shell.run("head -c 100663296 /dev/urandom > '\(original.path)'")
            let sent = try await mesh["laptop"].transfer(
                SendFiles(peer: "studio", sources: [original.path], destination: "copy"))
            #expect(sent.failures == 0)
            for round in 1...3 {
                let back = mesh["laptop"].userHome.appendingPathComponent("back\(round)")
                let pulled = try await mesh["laptop"].transfer(
                    PullFiles(peer: "studio", sources: ["copy"], destination: back.path))
                #expect(pulled.bytes == 96 << 20)
                #expect(FileManager.default.contentsEqual(atPath: original.path, andPath: back.path))
            }
        }
    }

    @Test func `a dot is this machine for transfers as well`() async throws {
        try await withMesh(["laptop"]) { mesh in
            let folder = mesh["laptop"].userHome
            try Data("text".utf8).write(to: folder.appendingPathComponent("original"))
            let send = SendFiles(
                peer: ".", sources: [folder.appendingPathComponent("original").path], destination: "copy")
            #expect(try await mesh["laptop"].transfer(send).entries == 1)
            let pull = PullFiles(
                peer: ".", sources: ["copy"], destination: folder.appendingPathComponent("again").path)
            #expect(try await mesh["laptop"].transfer(pull).entries == 1)
            #expect(try Data(contentsOf: folder.appendingPathComponent("again")) == Data("text".utf8))
            let missing = PullFiles(peer: ".", sources: ["absent"], destination: folder.path + "/")
            await #expect(throws: KithError.self) { try await mesh["laptop"].transfer(missing) }
        }
    }

    @Test func `a transfer of which nothing arrived is not audited as a success, on either side`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let original = mesh["laptop"].userHome.appendingPathComponent("original")
            try Data("text".utf8).write(to: original)
            try FileManager.default.createDirectory(
                at: mesh["studio"].userHome.appendingPathComponent("box"), withIntermediateDirectories: true)
            var news: [TransferEvent] = []
            do {
                let request = SendFiles(peer: "studio", sources: [original.path], destination: "box")
                for try await event in mesh["laptop"].client.feed(request) { news.append(event) }
            } catch {
                #expect(KithError(wrapping: error).code == .fileIO)
            }
            #expect(news.last?.summary?.failures == 1)
            let there = try await mesh["studio"].audit().filter { $0.action == "file.put" }
            let here = try await mesh["laptop"].audit().filter { $0.action == "transfer.send" }
            #expect(there.map(\.result) == ["began", "file.is_folder"])
            #expect(here.map(\.result) == ["began", "file.io"])
        }
    }
}

extension MeshNode {
    /// Runs a transfer to its end, as `kith send` and `kith pull` do.
    func transfer<F: Feed>(_ request: F) async throws -> TransferSummary where F.Element == TransferEvent {
        var last: TransferSummary?
        for try await event in client.feed(request) { last = event.summary ?? last }
        guard let last else { throw KithError(.protocolViolation, "The transfer had no end.") }
        return last
    }
}
