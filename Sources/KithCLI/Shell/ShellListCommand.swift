import ArgumentParser
import FoundationEssentials
import KithAPI
import KithClient

/// `kith shell list`
struct ShellListCommand: Answering {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the terminals of a node.")

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        try await session.show(ListTerminals(), on: target.target) {
            Self.view($0.jobs, at: Date(), width: session.output.width)
        }
    }

    /// The terminals as a table.
    static func view(_ terminals: [Job], at now: Date, width: Int? = nil) -> String {
        var table = Table("NAME", "RUNS", "CLIENTS", "BY", "SINCE", "JOB", cutting: ["RUNS", "BY"])
        for terminal in terminals {
            table.add(
                terminal.name ?? "", state(of: terminal), "\(terminal.followers)", terminal.startedBy,
                Measure.age(of: terminal.startedAt, at: now), terminal.jobID.text)
        }
        return terminals.isEmpty ? "There are no terminals." : table.text(within: width)
    }

    private static func state(of terminal: Job) -> String {
        switch terminal.state {
        case .running: return terminal.title
        case .ended: return "ended" + (terminal.end.map { " (\($0.exitCode))" } ?? "")
        case .lost: return "lost"
        }
    }
}
