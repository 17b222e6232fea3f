import ArgumentParser
import KithAPI

/// `kith pair`
struct PairCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "pair",
        abstract: "Pair two machines, once: let one in, or join one.",
        usage: """
            kith pair
            kith pair <peer> [--code <code>]
            kith pair --string | kith pair --accept -
            """,
        discussion: """
            On one machine type `kith pair`; it shows a code. On the other type `kith pair` with the first one's \
            name and the code. Both then show who the other is; the second shows six digits, which are typed \
            into the first. If the digits do not agree, somebody is in between: refuse.

            Without a second person: `kith pair --string` prints a one-time secret alone on standard output; \
            `kith pair --accept -` reads it on the other machine. Ctrl-C withdraws.

            Examples:
              kith pair
              kith pair laptop --code 7K3M-Q2XD
              kith pair --string --grant mine > secret
              ssh server kith pair --accept - --yes --grant mine < secret
            """)

    @Argument(
        help: "Whom to join: a discovered name, a prefix of an id, or host[:port]. Nobody: let one in.",
        completion: .peers)
    var peer: String?

    @Option(help: "The code that the other machine shows; asked for unless given.")
    var code: String?

    @Flag(help: "Let one in by a one-time secret instead of a code, printed alone on standard output.")
    var string = false

    @Flag(help: "As --string, but drawn as a QR code.")
    var qr = false

    /// Whether a secret speaks for both people.
    private var usesSecret: Bool { string || qr }

    @Option(
        help: ArgumentHelp("Join by a one-time secret from this file; - is standard input.", valueName: "file"),
        completion: .file())
    var accept: String?

    @Option(
        help: ArgumentHelp(
            "What the other may do here, instead of a question: mine, worker, observer or default.", valueName: "preset"
        ))
    var grant: GrantPreset?

    @Flag(help: "Approve without a question; only with a secret or with --expect.")
    var yes = false

    @Option(help: ArgumentHelp("Join only if the other machine has this id.", valueName: "id"))
    var expect: PeerID?

    @Flag(help: "Take the place of a peer of the same name whose key has changed.")
    var replace = false

    @Option(
        help: ArgumentHelp(
            "How long the invitation stands; 5m for a code and 10m for a secret unless given.", valueName: "time"))
    var ttl: TimeSpan?

    @OptionGroup var common: GlobalOptions

    /// Whether this side joins.
    var isJoining: Bool { peer != nil || accept != nil }

    func validate() throws {
        if isJoining {
            if usesSecret {
                throw ValidationError("--string and --qr let one in, and a peer or --accept joins one: not both.")
            }
            if ttl != nil { throw ValidationError("--ttl is for the machine that lets one in.") }
            if peer != nil, accept != nil { throw ValidationError("The secret says whom to join; leave the peer out.") }
            if accept != nil, code != nil { throw ValidationError("A secret needs no code.") }
        } else if code != nil || expect != nil || replace {
            throw ValidationError("Say whom to join: kith pair <peer>")
        }
        if yes, !usesSecret, accept == nil, expect == nil {
            throw ValidationError(
                "--yes needs a secret (--string, --qr, --accept) or the id that you expect (--expect).")
        }
    }

    func run() async throws {
        let session = try common.session()
        let input = StandardInput()
        let dialogue = PairingDialogue(
            hostName: ProcessEnvironment.hostName, asksForGrants: grant == nil && !yes, approvesAlone: yes)
        let run = PairingRun(session: session, input: input, printsSecretAlone: string, drawsSecret: qr)
        if isJoining {
            try await run.follow(try await joining(input), dialogue)
        } else {
            let seconds = ttl.map { max(1, $0.wholeSeconds) }
            try await run.follow(
                InvitePeer(asString: usesSecret ? true : nil, secondsToLive: seconds, preset: grant), dialogue)
        }
    }

    private func joining(_ input: StandardInput) async throws -> JoinPeer {
        JoinPeer(
            target: peer, code: code, pairString: try await secret(input), expectedID: expect?.text, preset: grant,
            replace: replace ? true : nil)
    }

    private func secret(_ input: StandardInput) async throws -> String? {
        guard let accept else { return nil }
        let text = accept == "-" ? await input.line() ?? "" : try await Source.file(accept).text(limit: 4096)
        let secret = text.filter { !$0.isWhitespace }
        guard !secret.isEmpty else {
            throw KithError(
                .requestInvalid, "There is no secret to read.", hint: "Give the line that `kith pair --string` printed."
            )
        }
        return secret
    }
}
