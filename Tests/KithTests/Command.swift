import Foundation

/// A command of this machine, found through PATH, with nothing to read and 90 seconds to end.
struct Command: Sendable {
    /// How a command ended, and what it wrote.
    struct Answer: Equatable {
        var code: Int32
        var output: String
        var errors: String

        init(_ code: Int32, _ output: String, errors: String = "") {
            (self.code, self.output, self.errors) = (code, output, errors)
        }
    }

    private let words: [String]

    init(_ words: [String]) { self.words = words }

    /// Whether it ends with 0; blocks until it has ended.
    var succeeds: Bool {
        let process = process
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Runs it to its end. What it writes goes to files: a daemon that it starts may keep them open.
    func run() async throws -> Answer {
        let output = try Scrap()
        let errors = try Scrap()
        defer { output.remove(); errors.remove() }
        let process = process
        process.standardOutput = output.handle
        process.standardError = errors.handle
        let code = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return Answer(code, try output.text(), errors: try errors.text())
    }

    private var process: Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "90"] + words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }
}

/// A file for what a command writes.
private struct Scrap {
    let handle: FileHandle
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("kith-scrap-\(UUID().uuidString)")
        try Data().write(to: url)
        handle = try FileHandle(forWritingTo: url)
    }

    func text() throws -> String { try String(contentsOf: url, encoding: .utf8) }

    func remove() {
        try? handle.close()
        try? FileManager.default.removeItem(at: url)
    }
}
