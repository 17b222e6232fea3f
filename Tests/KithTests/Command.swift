import CLinux
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
        guard let nowhere = FileHandle(forWritingAtPath: "/dev/null"),
            let handle = try? Self.start(words, nowhere, nowhere)
        else { return false }
        return Self.end(of: handle) == 0
    }

    /// Runs it to its end. What it writes goes to files: a daemon that it starts may keep them open.
    func run() async throws -> Answer {
        let output = try Scrap()
        let errors = try Scrap()
        defer { output.remove(); errors.remove() }
        let handle = try Self.start(words, output.handle, errors.handle)
        let code = await withCheckedContinuation { continuation in
            let source = DispatchSource.makeReadSource(fileDescriptor: handle)
            source.setEventHandler { source.cancel() }
            // Not before Dispatch has let go of the descriptor: closed earlier, its number may be another command's
            // already, whose end would then never be heard of.
            source.setCancelHandler { continuation.resume(returning: Self.end(of: handle)) }
            source.resume()
        }
        return Answer(code, try output.text(), errors: try errors.text())
    }

    /// Starts it with what Kith starts commands with: Foundation's `Process` reads beyond its memory where a
    /// process has a thousand descriptors, as this one has when all suites run. Answers a handle on it.
    private static func start(_ words: [String], _ output: FileHandle, _ errors: FileHandle) throws -> Int32 {
        let arguments = (["env", "timeout", "--kill-after", "5", "90"] + words).map { strdup($0) } + [nil]
        let variables = ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var (process, handle): (pid_t, Int32) = (0, -1)
        let failure = arguments.withUnsafeBufferPointer { arguments in
            variables.withUnsafeBufferPointer { variables in
                "/usr/bin/env".withCString { program in
                    FileManager.default.currentDirectoryPath.withCString { folder in
                        var request = kith_spawn_request()
                        request.program = program
                        request.arguments = arguments.baseAddress
                        request.environment = variables.baseAddress
                        request.folder = folder
                        request.input = -1
                        request.output = output.fileDescriptor
                        request.error = errors.fileDescriptor
                        return kith_spawn(&request, &process, &handle)
                    }
                }
            }
        }
        guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EINVAL) }
        return handle
    }

    /// The exit code of what has ended, or soon will.
    private static func end(of handle: Int32) -> Int32 {
        defer { close(handle) }
        var (code, signal): (Int32, Int32) = (-1, -1)
        var watched = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
        while kith_wait(handle, 1, &code, &signal) == EAGAIN { poll(&watched, 1, -1) }
        return code >= 0 ? code : 128 + signal
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
