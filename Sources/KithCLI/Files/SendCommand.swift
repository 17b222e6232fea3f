import ArgumentParser
import KithAPI

/// `kith send`
struct SendCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send files and folders to a peer.",
        usage: "kith send <peer> <source> ... <destination>",
        discussion: """
            The destination is the exact name there, or the folder to put into if it ends with a slash; it is \
            relative to the home folder of the peer's owner. Every file is verified before it takes its place.

            Examples:
              kith send studio report.pdf inbox/
              kith send studio Sources Tests code/app/
            """)

    @Argument(help: "The peer to send to.", completion: .peers)
    var peer: String

    @Argument(help: "What to send, then where to.", completion: .file())
    var paths: [String]

    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if paths.count < 2 {
            throw ValidationError("Say what to send and where to: kith send \(peer) \(paths[0]) inbox/")
        }
    }

    /// What is asked of the daemon.
    func request(in folder: String) -> SendFiles {
        let sources = paths.dropLast().map { LocalPath.absolute($0, in: folder) }
        let last = paths[paths.count - 1]
        return SendFiles(
            peer: peer, sources: sources, destination: sources.count > 1 && !last.hasSuffix("/") ? last + "/" : last)
    }

    func run() async throws {
        try await TransferRun(session: common.session(), verb: "Sent").follow(request(in: ProcessEnvironment.folder))
    }
}
