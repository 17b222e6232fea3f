import FoundationEssentials
import Glibc

/// Gives `body` an empty folder that is gone afterwards.
func withTemporaryFolder<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Result
) async throws -> Result {
    let path =
        FileManager.default.temporaryDirectory.path + "/kith-trust-"
        + String(UInt64.random(in: .min ... .max), radix: 36)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

func mode(of path: String) -> mode_t {
    var facts = stat()
    return lstat(path, &facts) == 0 ? facts.st_mode & 0o777 : 0
}

func fileContents(_ path: String) -> [UInt8] {
    FileManager.default.contents(atPath: path).map(Array.init) ?? []
}

@discardableResult
func writeFile(_ path: String, _ bytes: [UInt8], mode: mode_t = 0o600) -> Bool {
    FileManager.default.createFile(atPath: path, contents: Data(bytes)) && chmod(path, mode) == 0
}
