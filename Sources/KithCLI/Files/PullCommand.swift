import ArgumentParser
import KithAPI

/// `kith pull`
struct PullCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch files and folders from a peer.",
        usage: "kith pull <peer> <source> ... [<destination>]",
        discussion: """
            A single source needs no destination: it comes to the current folder. A destination that is a \
            folder, or that ends with a slash, is put into; anything else is the exact name.

            Examples:
              kith pull studio build.log
              kith pull studio code/app/.build/release/app ./app-linux
              kith pull studio notes reports ~/from-studio/
            """)

    @Argument(help: "The peer to fetch from.", completion: .peers)
    var peer: String

    @Argument(help: "What to fetch, relative to the home folder there, then where to.")
    var paths: [String]

    @OptionGroup var common: GlobalOptions

    /// What is asked of the daemon.
    func request(in folder: String) -> PullFiles {
        let sources = paths.count == 1 ? paths : Array(paths.dropLast())
        let last = paths.count == 1 ? "./" : paths[paths.count - 1]
        return PullFiles(
            peer: peer, sources: sources,
            destination: LocalPath.destination(last, isForMany: sources.count > 1, in: folder))
    }

    func run() async throws {
        try await TransferRun(session: common.session(), verb: "Fetched").follow(request(in: ProcessEnvironment.folder))
    }
}
