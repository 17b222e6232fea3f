import ArgumentParser
import KithAPI

/// `kith session stop`
struct SessionStopCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop workers with all that runs in them; what they hold stays.",
        discussion: "From that moment nobody trusts them, until they are started again.")

    @Argument(help: "Their names.", completion: .workers)
    var names: [String]

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let names = try WorkerWords.names(names)
        try await common.session().show(StopWorkers(names: names)) { WorkerView.sentence($0.workers, "stopped") }
    }
}

/// `kith session stop-all`
struct SessionStopAllCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "stop-all", abstract: "Stop every worker with all that runs in them; what they hold stays.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(StopWorkers()) { WorkerView.sentence($0.workers, "stopped") }
    }
}

/// `kith session remove`
struct SessionRemoveCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Stop workers and remove all that they hold: key, values, messages, tasks.",
        discussion: "There is no way back: a worker of the same name is another node.")

    @Argument(help: "Their names.", completion: .workers)
    var names: [String]

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let names = try WorkerWords.names(names)
        try await common.session().show(RemoveWorkers(names: names)) { WorkerView.sentence($0.workers, "removed") }
    }
}
