import ArgumentParser
import KithAPI
import KithClient

/// `kith init`
struct InitCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Give this machine an identity and a configuration.",
        discussion: """
            Makes a key that never leaves the machine, and a commented configuration file. What is there \
            already stays as it is, so it may be run again. At a terminal it offers to register Kith with the \
            coding agents that it finds (`kith mcp add`); `--mcp` and `--no-mcp` answer that beforehand.

            Examples:
              kith init
              kith init --name studio --no-mcp
            """)

    @Option(help: "What other machines call this one; the host's name unless given.")
    var name: PeerName?

    @Flag(
        inversion: .prefixedNo,
        help: "Register with the coding agents found here, or do not; asked at a terminal unless given.")
    var mcp: Bool?

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let arguments = ["init"] + (name.map { ["--name", $0.text] } ?? [])
        let (bytes, code) = try await DaemonProgram.find().run(arguments)
        guard code == 0 else { throw ExitCode(code) }
        try check(try KithClient.read(Identity.self, from: bytes))
        try session.output.show(bytes, as: Identity.self, view: Self.view)
        if mcp ?? !common.json {
            try await AgentOffer(home: common.home, isAccepted: mcp ?? false, session.output).make()
        }
    }

    /// A node that is there already keeps its name; whoever asked for another is told.
    private func check(_ identity: Identity) throws(KithError) {
        guard let name, name != identity.name else { return }
        throw KithError(
            .conflict, "This machine is the node \(identity.name) already, and keeps its name.",
            hint: "Change `name` in \(identity.configuration), then `kith restart`.")
    }

    /// What `kithd init` says.
    struct Identity: Codable {
        var id: PeerID
        var name: PeerName
        var created: Bool
        var configuration: String
    }

    /// The identity for people.
    static func view(_ identity: Identity) -> String {
        let first =
            identity.created
            ? "This machine is now the node \(identity.name)." : "This machine is the node \(identity.name) already."
        var facts = Facts()
        facts.add("id", identity.id.checkedGroups)
        facts.add("configuration", identity.configuration)
        return first + "\n" + facts.text + "\nNext: `kith start`, then `kith pair` here or on another machine."
            + "\nFor coding agents: `kith mcp add`."
    }
}
