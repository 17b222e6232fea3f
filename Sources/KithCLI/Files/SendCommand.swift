import ArgumentParser
import KithAPI
import KithClient

/// `kith send`
struct SendCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send files and folders to a peer.",
        usage: "kith send <peer> <source> ... <destination>",
        discussion: """
            The destination is the exact name there, or the folder to put into if it ends with a slash; it is \
            relative to the home folder of the peer's owner. Every file is verified before it takes its place. \
            What is there already is not sent again, and what was interrupted goes on where it stopped. \
            With - as the source, standard input becomes the file.

            Examples:
              kith send studio report.pdf inbox/
              kith send studio Sources Tests code/app/
              kith send studio --dry-run project/ backup/
              tar c . | kith send studio - backup/app.tar
            """)

    @Argument(help: "The peer to send to.", completion: .peers)
    var peer: String

    @Argument(help: "What to send, then where to.", completion: .file())
    var paths: [String]

    @OptionGroup var transfer: TransferOptions
    @OptionGroup var claim: ClaimOptions
    @OptionGroup var common: GlobalOptions

    func validate() throws {
        try ColonForm.check(sending: paths, to: peer)
        if paths.count < 2 {
            throw ValidationError("Say what to send and where to: kith send \(peer) \(paths[0]) inbox/")
        }
        guard paths.dropLast().contains("-") else { return }
        guard paths.count == 2, !paths[1].hasSuffix("/"), !transfer.dryRun else {
            throw ValidationError("Standard input becomes exactly one file: kith send \(peer) - NAME")
        }
    }

    /// What is asked of the daemon.
    func request(in folder: String) -> SendFiles {
        let sources = paths.dropLast().map { LocalPath.absolute($0, in: folder) }
        let last = paths[paths.count - 1]
        return SendFiles(
            peer: peer, sources: sources, destination: sources.count > 1 && !last.hasSuffix("/") ? last + "/" : last,
            isDryRun: transfer.dryRun ? true : nil)
    }

    func run() async throws {
        let session = try common.session()
        let claim = try await claim.find(session.client)
        guard paths[0] != "-" else {
            let request = WriteFile(path: paths[1]).behind(claim)
            return try await StreamRun(session: session, peer: peer).send(request)
        }
        let run = TransferRun(session: session, verb: transfer.dryRun ? "Would send" : "Sent")
        var request = request(in: ProcessEnvironment.folder).behind(claim)
        (request.isTerse, request.wantsTotal) = (run.isTerse(transfer), run.wantsTotal)
        try await run.follow(request)
    }
}
