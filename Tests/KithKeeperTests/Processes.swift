import FoundationEssentials
import Glibc
import KithAPI
import KithKeeper

extension KeeperLimits {
    /// Waits of a tenth of a second where the real ones are seconds. For its first client a keeper waits long: it may be
    /// one of a hundred in this process, and nobody starts it again.
    static var quick: KeeperLimits {
        var limits = KeeperLimits(grace: .milliseconds(100), linger: .milliseconds(100))
        limits.patience = .seconds(600)
        return limits
    }
}

/// The error that `body` throws, as one of ours; nil when it throws none.
func failure(_ body: () async throws -> some Sendable) async -> KithError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return KithError(wrapping: error)
    }
}

/// Whether a process runs; one that is dead and not reaped does not.
func isAlive(_ id: Int32) -> Bool {
    guard let data = try? Data(contentsOf: URL(filePath: "/proc/\(id)/stat")) else { return false }
    let state = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ").first
    return state != "Z" && state != "X"
}

/// The numbers that stand in `text`, one a line.
func numbers(in text: String) -> [Int32] {
    text.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
}
