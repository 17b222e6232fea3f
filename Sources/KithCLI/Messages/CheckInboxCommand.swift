import ArgumentParser

/// `kith check-inbox`: a habit of loopsy's users.
struct CheckInboxCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "check-inbox", abstract: "As `kith message inbox`.", shouldDisplay: false)

    @OptionGroup var command: MessageInboxCommand

    var common: GlobalOptions { command.common }

    func run() async throws { try await command.run() }
}
