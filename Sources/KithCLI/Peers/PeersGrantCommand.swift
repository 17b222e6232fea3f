import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith peers grant`
struct PeersGrantCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Change what a peer may do here, at once.",
        discussion: """
            Presets: mine (another machine of yours: everything), worker (commands, files, context, messages, \
            tasks), observer (may look), default (what pairing alone gives).
            Grants: \(GrantWords.words.joined(separator: ", ")).
            After an equals sign stands what a grant is limited to: commands, folders or prefixes of keys. The rule \
            that names a thing most closely decides; of rules equally close deny beats ask, and ask beats allow.
            A command is a program with any arguments (git), or with words that must match: * any text within one \
            argument, ** at the end any further ones. --ask holds each such command until you have approved it, \
            see kith approvals. What a rule for commands opens can be bounded: see the options from --sandbox on.

            Examples:
              kith peers grant studio --preset mine
              kith peers grant studio --allow exec=git,swift --for 2h
              kith peers grant studio --deny context.write=secret/ --revoke exec
              kith peers grant studio --allow 'exec=git status **,git log **' --ask exec=make
              kith peers grant studio --allow exec --sandbox workspace --folder ~/work
              kith peers grant studio --explain 'exec git push'
            """)

    @Argument(help: "The peer: a name or a prefix of its id.", completion: .peers)
    var peer: String

    @Option(help: "Start from this preset instead of from what the peer has.")
    var preset: GrantPreset?

    @Option(
        help: ArgumentHelp("Allow this; may be repeated.", valueName: "grant[=scope]"),
        completion: .list(GrantWords.words))
    var allow: [String] = []

    @Option(
        help: ArgumentHelp("Deny this; may be repeated.", valueName: "grant[=scope]"),
        completion: .list(GrantWords.words))
    var deny: [String] = []

    @Option(
        help: ArgumentHelp(
            "Allow this once you have approved it, each time; may be repeated.", valueName: "grant[=scope]"),
        completion: .list(["exec", "terminal"]))
    var ask: [String] = []

    @Option(
        help: ArgumentHelp("Take this grant away with all its rules; may be repeated.", valueName: "grant"),
        completion: .list(GrantWords.words))
    var revoke: [String] = []

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("What is allowed or denied ends after this long: 30m, 2h, 7d.", valueName: "time"))
    var span: TimeSpan?

    @OptionGroup(title: "Bounds of commands") var bounds: BoundsOptions

    @Option(
        help: ArgumentHelp(
            "Change nothing; say what would happen to this and why: exec git push.", valueName: "grant object"))
    var explain: String?

    @OptionGroup var common: GlobalOptions

    func validate() throws {
        let adds = !allow.isEmpty || !deny.isEmpty || !ask.isEmpty
        let changes = adds || preset != nil || !revoke.isEmpty
        if explain != nil, changes { throw ValidationError("--explain changes nothing; give it alone.") }
        if explain == nil, !changes {
            throw ValidationError("Say what to change: --preset, --allow, --ask, --deny or --revoke.")
        }
        if span != nil, !adds { throw ValidationError("--for needs an --allow, an --ask or a --deny.") }
        if bounds.bounds != nil, !(allow + ask).contains(where: Self.isAboutCommands) {
            throw ValidationError("Bounds need an --allow or an --ask of exec or terminal.")
        }
    }

    private static func isAboutCommands(_ word: String) -> Bool {
        let grant = word.split(separator: "=", maxSplits: 1).first.map(String.init) ?? ""
        return Grant(rawValue: grant)?.canBeAskedFor == true
    }

    /// What is asked of the daemon.
    func request(at now: Date) throws -> GrantPeer {
        let end = span.map { now.addingTimeInterval($0.seconds) }
        let opening =
            try allow.flatMap { try GrantWords.rules($0, .allow, expiresAt: end) }
            + ask.flatMap { try GrantWords.rules($0, .ask, expiresAt: end) }
        let added = opening.map(bounded) + (try deny.flatMap { try GrantWords.rules($0, .deny, expiresAt: end) })
        let removed = try revoke.flatMap { try GrantWords.grants($0) }
        return GrantPeer(
            peer: peer, preset: preset, add: added.isEmpty ? nil : added, remove: removed.isEmpty ? nil : removed)
    }

    private func bounded(_ rule: GrantRule) -> GrantRule {
        var rule = rule
        if rule.grant.canBeAskedFor { rule.bounds = bounds.bounds }
        return rule
    }

    /// What is asked where nothing is to be changed.
    static func question(_ text: String, about peer: String) throws(KithError) -> ExplainGrant {
        let words = text.split(separator: " ").map(String.init)
        guard let first = words.first, let grant = try GrantWords.grants(first).first else {
            throw KithError(.requestInvalid, "Say which grant to explain.", hint: "For example: exec git push")
        }
        return ExplainGrant(peer: peer, grant: grant, object: words.count > 1 ? Array(words.dropFirst()) : nil)
    }

    func run() async throws {
        let now = Date()
        if let explain {
            let question = try Self.question(explain, about: peer)
            return try await common.session().show(question) { PeerView.explanation($0, at: now) }
        }
        try await common.session().show(try request(at: now)) { PeerView.grants($0, at: now) }
    }
}
