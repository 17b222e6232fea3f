import ArgumentParser
import KithAPI
import KithClient

/// `kith call`
struct CallCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Ask any capability by its name, and print its JSON.",
        usage: """
            kith call <name> [<key>=<value> ...] [--on <peer>]
            kith call --list
            """,
        discussion: """
            A value is read as its field wants it: text, a number, true or false; a list is given as \
            key=a key=b, a map as key=name=value. key:=JSON gives any JSON, key=@FILE the text of a file, and \
            key=- standard input (key=@@x is the text @x).

            Examples:
              kith call --list
              kith call context.set key=build/status value=green secondsToLive=60
              kith call exec.run command=git command=status --on studio
            """)

    @Argument(help: "The capability, for example context.set.", completion: .list(Catalogue.all.map { $0.name }))
    var name: String?

    @Argument(help: "Its fields.")
    var fields: [String] = []

    @Flag(help: "List every capability.")
    var list = false

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if !list, name == nil { throw ValidationError("Say which capability to ask; kith call --list shows them all.") }
    }

    func run() async throws {
        guard !list, let name else { return try CallCatalogue.show(Output(format: common.json ? .json : .people)) }
        let session = try common.session()
        guard let capability = Catalogue.find(name) else {
            throw KithError(.capabilityUnknown, "There is no capability `\(name)`.", hint: "See `kith call --list`.")
        }
        let request = try JSON.encode(await CallFields(capability.parameters).request(fields))
        switch capability.shape {
        case .call: try session.output.answer(try await session.client.raw(name, json: request, on: target.target))
        case .feed:
            for try await line in session.client.rawFeed(name, json: request, on: target.target) {
                try session.output.answer(line)
            }
        case .pipe: throw Self.pipe(name)
        }
    }

    private static func pipe(_ name: String) -> KithError {
        let commands = [
            InvitePeer.name: "kith pair", JoinPeer.name: "kith pair PEER", StreamCommand.name: "kith exec",
            PutFiles.name: "kith send", GetFiles.name: "kith pull",
        ]
        return KithError(
            .requestInvalid, "`\(name)` carries bytes in both directions, and cannot be asked this way.",
            hint: commands[name].map { "Use `\($0)`." })
    }
}
