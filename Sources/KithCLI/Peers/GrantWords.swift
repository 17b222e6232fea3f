import FoundationEssentials
import KithAPI

/// Grants as people write and read them: `exec`, `exec=git,swift`, `files`, `context.write=secret/`.
enum GrantWords {
    /// The rules that `word` stands for; `files` and `context` mean reading and writing. In the scope of commands a
    /// comma after a backslash does not separate.
    ///
    /// - Throws: ``KithError`` `request.invalid` with the words that exist.
    static func rules(_ word: String, _ effect: GrantRule.Effect, expiresAt: Date?) throws(KithError) -> [GrantRule] {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let scope = parts.count == 1 ? [] : entries(parts[1])
        guard parts.count == 1 || !scope.isEmpty else {
            throw KithError(
                .requestInvalid, "`\(word)` has nothing after the equals sign.",
                hint: "Write `\(parts[0])` for all of it.")
        }
        return try grants(parts[0]).map { GrantRule($0, effect, scope: scope, expiresAt: expiresAt) }
    }

    private static func entries(_ text: String) -> [String] {
        var entries: [String] = [""]
        var isEscaped = false
        for character in text {
            if character == ",", !isEscaped { entries.append("") } else { entries[entries.count - 1].append(character) }
            isEscaped = character == "\\" && !isEscaped
        }
        return entries.map { $0.trimmed }.filter { !$0.isEmpty }
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
}

extension GrantRule.Effect {
    /// What stands before a grant in lists for people.
    var prefix: String {
        switch self {
        case .allow: ""
        case .deny: "not "
        case .ask: "ask for "
        }
    }
}

extension String {
    /// Without blanks at both ends.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
