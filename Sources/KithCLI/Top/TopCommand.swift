import ArgumentParser
import KithAPI

/// `kith top`
struct TopCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Watch this node: peers, jobs, tasks and messages, as they change.",
        discussion: """
            The daemon says what has changed; nothing is polled. `q` leaves, `?` says which other keys there \
            are. Where there is no terminal, or with --json, it says once how everything is, as `kith status` \
            does. NO_COLOR=1 keeps it without colours.

            Examples:
              kith top
              kith top --json
            """)

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let variables = ProcessEnvironment.variables
        guard !common.json, variables["TERM"] != "dumb", Descriptor.standardInput.isTerminal,
            Descriptor.standardOutput.isTerminal
        else { return try await StatusCommand.show(session) }
        let run = TopRun(client: session.client, colours: variables["NO_COLOR"]?.isEmpty ?? true)
        if let signal = try await run.run() { throw ExitCode(128 + signal) }
    }
}
