import KithAPI
import KithKeeper

/// A command that was found, weighed and may be started: everything decided.
struct PlannedCommand: Sendable, Equatable {
    /// The program's own name and its arguments.
    var words: [String]
    /// The absolute path of the file that runs.
    var program: String
    /// Which file that was when it was decided; nil where any will do.
    var identity: FileIdentity?
    /// The absolute path of the folder; without links where it makes a difference.
    var folder: String
    /// The whole environment.
    var variables: [String: String]
    /// What of it the caller asked for.
    var asked: [String: String]
    /// When it is ended.
    var timeout: Duration?
    /// The rule that opened it; nil for the owner.
    var rule: GrantRule?
    /// What it would read.
    var input = InputPromise()

    /// Whether the owner has to be asked first.
    var needsApproval: Bool { rule?.effect == .ask }

    var bounds: ExecBounds { rule?.bounds ?? ExecBounds() }
    var sandbox: SandboxProfile { bounds.sandbox ?? .none }

    /// Whether the files on the way must still be those that were decided on when it starts.
    var isBound: Bool { needsApproval || bounds.folders != nil || sandbox != .none }
}

extension CommandOrder {
    /// The refusal of policy as the peer reads it: which command, on which node, and what its owner can type there.
    func refusal(on node: String, to peer: PeerName, _ grant: Grant) -> KithError {
        let isPlain = program.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"*\\,'\"`|&;<>()$".utf8.contains($0) }
        // A worker may run what its parent may.
        let line = "`kith peers grant \(peer.parent ?? peer) --allow \(grant.rawValue)=\(program)`"
        return KithError(
            .denied, "\(node) does not let \(peer) run `\(CommandTitle.text(words))`.",
            hint: isPlain
                ? "Its owner can allow it there: \(line), with what was listed before." : KithError.commandDenied.hint)
    }
}

extension KithError {
    /// The one refusal of policy: it does not say what is there, nor what was granted.
    static let commandDenied = KithError(
        .denied, "This command may not be run from here.", hint: "Ask the owner to grant it.")
}
