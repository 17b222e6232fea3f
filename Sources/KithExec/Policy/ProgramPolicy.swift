import KithAPI

/// What the grants of a peer say about commands.
///
/// A scope lists commands as ``CommandPattern`` reads them: a program (`git` is the first in the owner's search
/// path, `/opt/x` is that file), and what may stand behind it. Every live rule that covers a command is weighed:
///
/// 1. A deny without scope closes everything.
/// 2. Otherwise the rule that names the command most closely decides: more words exactly, then more bytes of
///    patterns, then a fixed number of arguments. A rule without scope names nothing.
/// 3. Of rules equally close, deny beats ask, and ask beats allow; of those left, one with bounds beats one without,
///    and the first beats the next.
/// 4. Where no rule covers it, it is denied.
///
/// A rule that denies or asks is read widely (any name of the program, and an entry that cannot be read means all of
/// its program), one that allows narrowly: the file that would run has to be the one that is meant, whatever it is
/// called. A scope bounds which command starts, not what it does: one that starts others (`git`, `find`, `env`)
/// opens them all. A deny with arguments stops the honest only: `git -C . push` is not `git push`.
struct ProgramPolicy: Sendable {
    /// What was decided.
    struct Decision: Sendable, Equatable {
        /// What happens.
        var effect: GrantRule.Effect
        /// The rule that decides; nil where nothing covers the command.
        var rule: GrantRule?
        /// The file of the owner's choice that runs; nil for the one that was asked for.
        var path: String?
        /// What it is called then.
        var name: String?

        /// Nothing covers it.
        static let denied = Decision(effect: .deny)
    }

    private let rules: [GrantRule]
    private let finder: ProgramFinder

    /// The policy of live rules of one grant; bare names are looked up in the owner's own search path.
    init(_ rules: [GrantRule], path: [String]) {
        self.rules = rules
        finder = ProgramFinder(path: path)
    }

    /// Whether only listed commands may run.
    var isLimited: Bool { !rules.contains { $0.effect != .deny && $0.scope.isEmpty } }

    /// Whether some rule that opens lets callers set this variable by name.
    func opens(variable name: String) -> Bool {
        rules.contains { $0.effect != .deny && $0.bounds?.variables?.contains { $0.isSame(as: name) } == true }
    }

    /// Whether what a program really is makes a difference.
    var looksAtPrograms: Bool { rules.contains { !$0.scope.isEmpty } }

    /// What happens to the command `words`, whose first word means `program`; nil if that is not there.
    func decide(_ words: [String], _ program: ProgramFinder.ResolvedProgram?) -> Decision {
        if let closing = rules.first(where: { $0.effect == .deny && $0.scope.isEmpty }) {
            return Decision(effect: .deny, rule: closing)
        }
        let candidates = rules.compactMap { candidate($0, words, program) }
        var best: Candidate?
        for candidate in candidates where best.map({ $0.rank < candidate.rank }) ?? true { best = candidate }
        return best?.decision ?? .denied
    }

    // MARK: One rule

    private struct Candidate {
        var decision: Decision
        var specificity: CommandPattern.Specificity

        /// What is compared first stands first.
        var rank: Rank {
            Rank(specificity: specificity, effect: decision.effect, hasBounds: decision.rule?.bounds != nil)
        }
    }

    private struct Rank: Comparable {
        var specificity: CommandPattern.Specificity
        var effect: GrantRule.Effect
        var hasBounds: Bool

        static func < (left: Self, right: Self) -> Bool {
            guard left.specificity == right.specificity else { return left.specificity < right.specificity }
            return (left.effect.severity, left.hasBounds ? 1 : 0) < (right.effect.severity, right.hasBounds ? 1 : 0)
        }
    }

    private func candidate(_ rule: GrantRule, _ words: [String], _ program: ProgramFinder.ResolvedProgram?)
        -> Candidate?
    {
        let decision = Decision(effect: rule.effect, rule: rule)
        guard !rule.scope.isEmpty else { return Candidate(decision: decision, specificity: .init()) }
        let fitting = rule.scope.compactMap { entry -> Candidate? in
            guard let pattern = pattern(entry, rule.effect), pattern.covers(words.dropFirst()),
                let run = rule.effect == .allow ? narrow(pattern, words[0], program) : wide(pattern, words[0], program)
            else { return nil }
            let decided = Decision(effect: rule.effect, rule: rule, path: run.path, name: run.name)
            return Candidate(decision: decided, specificity: pattern.specificity)
        }
        return fitting.max { $0.specificity < $1.specificity }
    }

    private func pattern(_ entry: String, _ effect: GrantRule.Effect) -> CommandPattern? {
        CommandPattern(entry) ?? (effect == .allow ? nil : CommandPattern(programOf: entry))
    }

    // MARK: One program

    /// What runs instead of what was asked; both nil for "as asked".
    private typealias Run = (path: String?, name: String?)

    private func narrow(_ pattern: CommandPattern, _ name: String, _ program: ProgramFinder.ResolvedProgram?) -> Run? {
        guard let program else { return pattern.program.isSame(as: name) ? (nil, nil) : nil }
        guard let meant = find(pattern.program) else { return nil }
        if meant.place.isSame(as: program.place) { return (meant.place, name) }
        // A link to the file of a program that is itself no link: the program runs, under its own name.
        // Never through a listed link (`ls` to busybox), for then the name says what the file does.
        guard meant.place.isSame(as: meant.file), meant.file.isSame(as: program.file) else { return nil }
        return (meant.place, meant.place)
    }

    private func wide(_ pattern: CommandPattern, _ name: String, _ program: ProgramFinder.ResolvedProgram?) -> Run? {
        let entry = pattern.program
        if entry.isSame(as: name) { return (nil, nil) }
        guard let program else { return nil }
        if let meant = find(entry), meant.place.isSame(as: program.place) || meant.file.isSame(as: program.file) {
            return (nil, nil)
        }
        guard !entry.contains("/") else { return nil }
        return entry == program.name || program.file.hasSuffix("/" + entry) ? (nil, nil) : nil
    }

    private func find(_ entry: String) -> ProgramFinder.ResolvedProgram? {
        guard entry.hasPrefix("/") || !entry.contains("/") else { return nil }
        return finder.resolve(entry, in: "/")
    }
}

extension GrantRule.Effect {
    /// What wins where rules are equally close.
    fileprivate var severity: Int {
        switch self {
        case .allow: 0
        case .ask: 1
        case .deny: 2
        }
    }
}

extension String {
    /// Byte for byte: letters that only look alike are other names.
    func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
