import Glibc
import KithAPI

/// What somebody meant who gave `--on` to a command that asks its own node only.
enum OnlyHere {
    /// An error with the words that reach the other node, if the command would be one without `--on`.
    static func error(_ words: [String]) async -> KithError? {
        guard let place = words.firstIndex(where: { $0 == "--on" || $0.hasPrefix("--on=") }) else { return nil }
        let isOneWord = words[place] != "--on"
        guard isOneWord || place + 1 < words.count else { return nil }
        let name = isOneWord ? String(words[place].dropFirst("--on=".count)) : words[place + 1]
        let rest = Array(words[..<place]) + words[(isOneWord ? place + 1 : place + 2)...]
        guard (try? await Program.parse(rest)) != nil else { return nil }
        let command = "kith " + rest.map(\.quoted).joined(separator: " ")
        return KithError(
            .requestInvalid, "`\(command)` asks its own node only; it has no --on.", hint: hint(command, name))
    }

    private static func hint(_ command: String, _ name: String) -> String {
        let last = PeerName(whole: name)?.last.text ?? name
        let folders = try? Folders(environment: ProcessEnvironment.variables, userID: ProcessEnvironment.userID)
        if let folder = folders.map({ "\($0.data)/sessions/\(last)" }), access(folder, F_OK) == 0 {
            return "A worker of this machine is asked so: `KITH_HOME=\(folder.quoted) \(command)`."
        }
        return "Type it there, or `kith exec \(name.quoted) -- \(command)`."
    }
}
