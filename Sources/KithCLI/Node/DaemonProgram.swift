import CLinux
import FoundationEssentials
import Glibc
import KithAPI

/// The executable `kithd`: beside `kith`, or else in PATH.
struct DaemonProgram {
    /// Its absolute path.
    let path: String

    /// The folder that it is in.
    var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }

    /// Finds it.
    ///
    /// - Throws: ``KithError`` `unavailable` with where it was looked for.
    static func find() throws(KithError) -> DaemonProgram {
        let own = ownFolder
        let folders =
            [own].compactMap { $0 }
            + (ProcessEnvironment.variables["PATH"] ?? "").split(separator: ":").map(String.init)
        guard
            let found = folders.map({ $0 + "/kithd" }).first(where: { access($0, X_OK) == 0 && !LocalPath.isFolder($0) }
            )
        else {
            throw KithError(
                .unavailable, "The daemon's program `kithd` was not found\(own.map { " in \($0)" } ?? "") or in PATH.",
                hint: "Install kithd beside kith.")
        }
        return DaemonProgram(path: found)
    }

    /// The folder of this executable.
    private static var ownFolder: String? {
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return nil
        }
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }

    /// Becomes the daemon's program in the foreground. Returns only by throwing.
    func replaceThisProcess(_ arguments: [String]) throws(KithError) -> Never {
        signal(SIGPIPE, SIG_DFL)
        _ = withVector([path] + arguments) { execv(path, $0) }
        throw KithError(.execFailed, "`\(path)` cannot be run: \(String(cString: strerror(errno))).")
    }

    /// Starts it in a session of its own, below `/`, with standard output and error going to these descriptors.
    func spawn(_ arguments: [String], output: Int32, error: Int32) throws(KithError) -> ChildHandle {
        let environment = ProcessEnvironment.variables.map { "\($0.key)=\($0.value)" }
        var process: pid_t = 0
        var handle: Int32 = -1
        let failure = withVector([path] + arguments) { words in
            withVector(environment) { variables in
                "/".withCString { folder in
                    var request = kith_spawn_request(
                        program: words[0], arguments: words, environment: variables, folder: folder,
                        input: -1, output: output, error: error, has_terminal: 0, dies_with_thread: 0, memory: 0,
                        processes: 0, open_files: 0)
                    return kith_spawn(&request, &process, &handle)
                }
            }
        }
        guard failure == 0 else {
            throw KithError(.execFailed, "`\(path)` cannot be started: \(String(cString: strerror(failure))).")
        }
        return ChildHandle(handle)
    }

    /// Runs it to its end; answers what it printed, at most 1 MiB, and its exit code. Its errors go to ours, or to
    /// the descriptor `error`.
    func run(_ arguments: [String], error: Int32? = nil) async throws -> (output: [UInt8], code: Int32) {
        var ends: [Int32] = [-1, -1]
        guard kith_pipe(&ends) == 0 else { throw KithError(.internalError, "No pipe can be made.") }
        defer { close(ends[0]) }
        let child = try spawnAndClose(arguments, ends[1], error ?? Descriptor.standardError.rawValue)
        let input = StandardInput(descriptor: ends[0])
        var output: [UInt8] = []
        while output.count < 1 << 20, let piece = await input.piece() { output += piece }
        while true {
            if let code = child.endCode { return (output, code) }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    private func spawnAndClose(_ arguments: [String], _ output: Int32, _ error: Int32) throws(KithError)
        -> ChildHandle
    {
        defer { close(output) }
        return try spawn(arguments, output: output, error: error)
    }
}

/// A child process that we started; forgets it when dropped.
final class ChildHandle: Sendable {
    private let handle: Int32

    /// Takes over a pidfd.
    init(_ handle: Int32) { self.handle = handle }

    deinit { close(handle) }

    /// Its exit code if it has ended, 128 + N after signal N; nil while it runs.
    var endCode: Int32? {
        var code: Int32 = -1
        var signal: Int32 = -1
        guard kith_wait(handle, 0, &code, &signal) == 0 else { return nil }
        return signal > 0 ? 128 + signal : code
    }
}

/// `words` as C wants them, with a null at the end, for the time of `body`.
private func withVector<Result>(
    _ words: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
    for (index, word) in words.enumerated() { pointers[index] = strdup(word) }
    pointers[words.count] = nil
    defer {
        for index in words.indices { free(pointers[index]) }
        pointers.deallocate()
    }
    return body(pointers)
}
