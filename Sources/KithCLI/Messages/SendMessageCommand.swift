import ArgumentParser

/// `kith send-message`: a habit of loopsy's users.
struct SendMessageCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "send-message", abstract: "As `kith message send`.", shouldDisplay: false)

    @OptionGroup var command: MessageSendCommand

    var common: GlobalOptions { command.common }

    func run() async throws { try await command.run() }
}
