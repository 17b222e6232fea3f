import ArgumentParser
import Glibc
import KithAPI
import KithClient

/// What every command understands.
struct GlobalOptions: ParsableArguments {
    @Flag(help: "Print the answer as JSON, exactly as the daemon sent it.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Keep everything of the node under this folder, as KITH_HOME does.", valueName: "dir", visibility: .hidden),
        completion: .directory)
    var home: String?

    /// The means to ask and to answer, for this run.
    func session() throws -> Session {
        if let home { setenv("KITH_HOME", LocalPath.absolute(home), 1) }
        return try Session(environment: ProcessEnvironment.places, format: json ? .json : .people)
    }
}

/// Which node is to answer.
struct TargetOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Ask this peer instead of the local node.", valueName: "peer"), completion: .peers)
    var on: String?

    var target: KithClient.Target { on.map(KithClient.Target.named) ?? .local }
}

extension KithClient.Target {
    /// The target that people mean by a word: `.` and `local` are this node.
    static func named(_ word: String) -> KithClient.Target {
        PeerName.isThisNode(word) ? .local : .peer(word)
    }
}
