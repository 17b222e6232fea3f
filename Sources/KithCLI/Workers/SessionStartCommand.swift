import ArgumentParser
import KithAPI
import KithClient

/// `kith session start`
struct SessionStartCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "See that workers run; make those that are not there.",
        discussion: "Example: kith session start reviewer builder")

    @Argument(help: "What to call them: letters, digits, `.`, `_` and `-`.", completion: .workers)
    var names: [String]

    @OptionGroup var bound: WorkerBoundOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        // The whole name of one that there is has a `/`; that of a new one has none.
        _ = try WorkerWords.names(names.filter { PeerSelector($0) == nil })
        let session = try common.session()
        let names = try await WorkerWords.names(names, of: session)
        try await WorkerWords.start(StartWorkers(names: names, grants: try bound.grants), session)
    }
}

/// `kith session start-fleet`
struct SessionStartFleetCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "start-fleet",
        abstract: "See that so many workers run, worker-1 and on.",
        discussion: """
            Asked again with the same number it changes nothing; with a larger one it starts the rest.

            Example: kith session start-fleet -c 8 --prefix build
            """)

    @Option(name: .shortAndLong, help: "How many; at most \(StartWorkers.maximum) in all.")
    var count: Int

    @Option(help: ArgumentHelp("How their names begin.", valueName: "word"))
    var prefix = "worker"

    @OptionGroup var bound: WorkerBoundOptions
    @OptionGroup var common: GlobalOptions

    func validate() throws {
        guard (1...StartWorkers.maximum).contains(count) else {
            throw ValidationError("--count must be 1 to \(StartWorkers.maximum).")
        }
    }

    func run() async throws {
        let prefix = try WorkerWords.name(prefix)
        let request = StartWorkers(count: count, prefix: prefix, grants: try bound.grants)
        try await WorkerWords.start(request, try common.session())
    }
}

/// What workers may do elsewhere.
struct WorkerBoundOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What they may do at peers, at most; may be repeated. All that this node may unless given.",
            valueName: "grant"), completion: .list(GrantWords.words))
    var may: [String] = []

    var grants: [Grant]? {
        get throws { may.isEmpty ? nil : try may.flatMap { try GrantWords.grants($0) } }
    }
}
