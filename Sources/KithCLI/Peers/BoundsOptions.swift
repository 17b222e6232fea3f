import ArgumentParser
import KithAPI

/// Within what commands run that a rule opens.
struct BoundsOptions: ParsableArguments {
    @Option(help: "Fence them in: workspace (Landlock), container (bubblewrap, no network), none.")
    var sandbox: SandboxProfile?

    @Option(
        help: ArgumentHelp("Start them only below this folder; may be repeated.", valueName: "dir"),
        completion: .directory)
    var folder: [String] = []

    @Option(help: ArgumentHelp("Let the peer set this variable, and no others; may be repeated.", valueName: "name"))
    var variable: [String] = []

    @Option(help: ArgumentHelp("How many may run at once; 10 unless given.", valueName: "n"))
    var running: Int?

    @Option(help: ArgumentHelp("How many may be started in a minute.", valueName: "n"))
    var perMinute: Int?

    @Option(help: ArgumentHelp("End each after this long: 30s, 10m, 2h.", valueName: "time"))
    var within: TimeSpan?

    @Option(help: ArgumentHelp("MiB of address space for each process.", valueName: "mib"))
    var memory: Int?

    @Option(help: ArgumentHelp("How many processes each may have.", valueName: "n"))
    var processes: Int?

    func validate() throws {
        let numbers = [running, perMinute, memory, processes, within?.wholeSeconds]
        guard numbers.allSatisfy({ $0.map { $0 > 0 } ?? true }) else {
            throw ValidationError("A bound is a number above 0.")
        }
    }

    /// The bounds; nil where none was given.
    var bounds: ExecBounds? {
        let bounds = ExecBounds(
            sandbox: sandbox, folders: folder.isEmpty ? nil : folder.map { LocalPath.absolute($0) },
            variables: variable.isEmpty ? nil : variable, running: running, perMinute: perMinute,
            seconds: within?.wholeSeconds, memory: memory, processes: processes)
        return bounds == ExecBounds() ? nil : bounds
    }
}
