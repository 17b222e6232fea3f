import Glibc
import KithAPI

/// A program of somebody else's, found in PATH.
struct ForeignProgram {
    let path: String

    /// The first file of this name in PATH that may be run.
    static func find(_ name: String, _ environment: [String: String]) -> ForeignProgram? {
        let folders = (environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
        let all = folders.map { "\($0)/\(name)" }
        return all.first { access($0, X_OK) == 0 && !LocalPath.isFolder($0) }.map(ForeignProgram.init)
    }

    /// How a person would type it.
    func line(_ words: [String]) -> String {
        ([path] + words).map { word in
            let isPlain = word.utf8.allSatisfy { $0 > 0x20 && !"'\"\\$`;&|<>()*?".utf8.contains($0) }
            return isPlain ? word : "'" + word.split(separator: "'").joined(separator: "'\\''") + "'"
        }.joined(separator: " ")
    }

    /// Runs it to its end; answers what it printed and its exit code.
    func run(_ words: [String], quietly: Bool) async throws -> (output: [UInt8], code: Int32) {
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(nowhere) }
        return try await DaemonProgram(path: path).run(words, error: quietly ? nowhere : nil)
    }

    /// Runs it, and takes any exit code but 0 for a failure.
    func succeed(_ words: [String]) async throws {
        let (_, code) = try await run(words, quietly: false)
        guard code == 0 else {
            throw KithError(
                .unavailable, "`\(line(words))` ended with code \(code).", hint: "What it printed stands above.")
        }
    }
}
