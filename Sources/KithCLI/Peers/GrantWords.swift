import FoundationEssentials
import KithAPI

/// Grants as people write and read them: `exec`, `exec=git,swift`, `files`, `context.write=secret/`.
enum GrantWords {
    /// The rules that `word` stands for; `files` and `context` mean reading and writing.
    ///
    /// - Throws: ``KithError`` `request.invalid` with the words that exist.
    static func rules(_ word: String, _ effect: GrantRule.Effect, expiresAt: Date?) throws(KithError) -> [GrantRule] {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let scope = parts.count == 1 ? [] : parts[1].split(separator: ",").map(String.init)
        guard parts.count == 1 || !scope.isEmpty else {
            throw KithError(
                .requestInvalid, "`\(word)` has nothing after the equals sign.",
                hint: "Write `\(parts[0])` for all of it.")
        }
        return try grants(parts[0]).map { GrantRule($0, effect, scope: scope, expiresAt: expiresAt) }
    }

    /// The grants that `word` stands for.
    static func grants(_ word: String) throws(KithError) -> [Grant] {
        switch word {
        case "files": return [.filesRead, .filesWrite]
        case "context": return [.contextRead, .contextWrite]
        default:
            guard let grant = Grant(rawValue: word), grant != .owner else {
                throw KithError(
                    .requestInvalid, "There is no grant `\(word)`.",
                    hint: "The grants are: \(words.joined(separator: ", ")).")
            }
            return [grant]
        }
    }

    /// Every word, for help and completion.
    static let words = Grant.allCases.filter { $0 != .owner }.map(\.rawValue) + ["files", "context"]

    /// A few words for a table: the name of a preset where one fits, otherwise the grants.
    static func summary(of grants: GrantSet) -> String {
        if let preset = GrantPreset.allCases.first(where: { $0.grants == grants }) { return preset.rawValue }
        let parts = grants.rules.map {
            ($0.effect == .deny ? "not " : "") + $0.grant.rawValue + ($0.scope.isEmpty ? "" : "…")
        }
        return parts.isEmpty ? "" : parts.joined(separator: ", ")
    }
}
