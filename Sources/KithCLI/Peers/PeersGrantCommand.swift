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
            After an equals sign stands what a grant is limited to: programs, folders or prefixes of keys. The \
            most specific rule wins, and deny beats allow.

            Examples:
              kith peers grant studio --preset mine
              kith peers grant studio --allow exec=git,swift --for 2h
              kith peers grant studio --deny context.write=secret/ --revoke exec
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
        help: ArgumentHelp("Take this grant away with all its rules; may be repeated.", valueName: "grant"),
        completion: .list(GrantWords.words))
    var revoke: [String] = []

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("What is allowed or denied ends after this long: 30m, 2h, 7d.", valueName: "time"))
    var span: TimeSpan?

    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if preset == nil, allow.isEmpty, deny.isEmpty, revoke.isEmpty {
            throw ValidationError("Say what to change: --preset, --allow, --deny or --revoke.")
        }
        if span != nil, allow.isEmpty, deny.isEmpty { throw ValidationError("--for needs an --allow or a --deny.") }
    }

    /// What is asked of the daemon.
    func request(at now: Date) throws -> GrantPeer {
        let end = span.map { now.addingTimeInterval($0.seconds) }
        let added =
            try allow.flatMap { try GrantWords.rules($0, .allow, expiresAt: end) }
            + deny.flatMap { try GrantWords.rules($0, .deny, expiresAt: end) }
        let removed = try revoke.flatMap { try GrantWords.grants($0) }
        return GrantPeer(
            peer: peer, preset: preset, add: added.isEmpty ? nil : added, remove: removed.isEmpty ? nil : removed)
    }

    func run() async throws {
        let now = Date()
        try await common.session().show(try request(at: now)) { PeerView.grants($0, at: now) }
    }
}
