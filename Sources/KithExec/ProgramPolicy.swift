import KithAPI

/// What the grants of a peer say about programs.
///
/// A scope names programs, as `git` (the first in the owner's search path) or as an absolute path. A
/// rule that denies is read widely, one that allows narrowly: the file that would run has to be the one
/// that is meant, whatever it is called. A scope bounds which program starts, not what that program does:
/// one that starts others (`git`, `find`, `env`) opens them all.
struct ProgramPolicy: Sendable {
    /// What was decided.
    enum Decision: Sendable, Equatable {
        case denied
        /// As it was asked.
        case allowed
        /// This file of the owner's choice, called by this name.
        case allowedAs(path: String, name: String)
    }

    private let allowed: [GrantRule]
    private let denied: [GrantRule]
    private let finder: ProgramFinder

    /// The policy of live `exec` rules; bare names are looked up in the owner's own search path.
    init(_ rules: [GrantRule], path: [String]) {
        allowed = rules.filter { $0.effect == .allow }
        denied = rules.filter { $0.effect == .deny }
        finder = ProgramFinder(path: path)
    }

    /// Whether only listed programs may run.
    var isLimited: Bool { !allowed.contains { $0.scope.isEmpty } }

    /// Whether `name`, which means `program`, may run.
    func decide(_ name: String, _ program: ProgramFinder.Program?) -> Decision {
        guard !allowed.isEmpty, !denied.contains(where: { denies($0, name, program) }) else { return .denied }
        guard isLimited else { return .allowed }
        let entries = allowed.flatMap(\.scope)
        guard let program else { return entries.contains(name) ? .allowed : .denied }
        let meant = entries.compactMap(find)
        if let same = meant.first(where: { $0.place == program.place }) {
            return .allowedAs(path: same.place, name: name)
        }
        // A link to the file of a program that is itself no link: the program runs, under its own name.
        // Never through a listed link (`ls` to busybox), for then the name says what the file does.
        guard let same = meant.first(where: { $0.place == $0.file && $0.file == program.file }) else { return .denied }
        return .allowedAs(path: same.place, name: same.place)
    }

    private func denies(_ rule: GrantRule, _ name: String, _ program: ProgramFinder.Program?) -> Bool {
        rule.scope.isEmpty
            || rule.scope.contains { entry in
                if entry == name { return true }
                guard let program else { return false }
                if let meant = find(entry), meant.place == program.place || meant.file == program.file { return true }
                return !entry.contains("/") && (entry == program.name || program.file.hasSuffix("/" + entry))
            }
    }

    private func find(_ entry: String) -> ProgramFinder.Program? {
        guard entry.hasPrefix("/") || !entry.contains("/") else { return nil }
        return finder.find(entry, in: "/")
    }
}
