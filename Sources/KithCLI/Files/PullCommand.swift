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
            folder, or that ends with a slash, is put into; anything else is the exact name. In quotes, *, ? and \
            [...] stand for names over there. What is here already is not fetched again, and what was interrupted \
            goes on where it stopped. With - as the destination, a file goes to standard output.

            Examples:
              kith pull studio build.log
              kith pull studio code/app/.build/release/app ./app-linux
              kith pull studio 'logs/*.log' notes ~/from-studio/
              kith pull studio backup/app.tar - | tar t
            """)

    @Argument(help: "The peer to fetch from.", completion: .peers)
    var peer: String

    @Argument(help: "What to fetch, relative to the home folder there, then where to.")
    var paths: [String]

    @OptionGroup var transfer: TransferOptions
    @OptionGroup var common: GlobalOptions

    func validate() throws {
        try ColonForm.check(pulling: paths, from: peer)
        guard paths.contains("-") else { return }
        guard paths.count == 2, paths[1] == "-", !transfer.dryRun else {
            throw ValidationError("Exactly one file goes to standard output: kith pull \(peer) NAME -")
        }
    }

    /// What is asked of the daemon.
    func request(in folder: String) -> PullFiles {
        let sources = paths.count == 1 ? paths : Array(paths.dropLast())
        let last = paths.count == 1 ? "./" : paths[paths.count - 1]
        let isForMany = sources.count > 1 || sources.contains(where: GlobPattern.isMagic)
        return PullFiles(
            peer: peer, sources: sources,
            destination: LocalPath.destination(last, isForMany: isForMany, in: folder),
            isDryRun: transfer.dryRun ? true : nil)
    }

    func run() async throws {
        let session = try common.session()
        guard paths.last != "-" else { return try await StreamRun(session: session, peer: peer).pull(paths[0]) }
        let run = TransferRun(session: session, verb: transfer.dryRun ? "Would fetch" : "Fetched")
        var request = request(in: ProcessEnvironment.folder)
        (request.isTerse, request.wantsTotal) = (run.isTerse(transfer), run.wantsTotal)
        try await run.follow(request)
    }
}
