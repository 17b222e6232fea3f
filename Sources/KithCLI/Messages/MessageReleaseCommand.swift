import ArgumentParser
import KithAPI

/// `kith message release`
struct MessageReleaseCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Let messages in that are held back, or refuse them.")

    @Argument(help: "The messages: their ids, or the beginnings of them.", completion: .messages)
    var messages: [MessageWord]

    @Flag(help: "Refuse them instead.")
    var refuse = false
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let messages = try await messages.find(session.client, in: .held)
        let request = ReleaseMessages(messages: messages, verdict: refuse ? .refuse : .accept)
        try await session.show(request) {
            "\(Measure.count($0.changed, "message")) \(refuse ? "refused" : "let in")."
        }
    }
}
