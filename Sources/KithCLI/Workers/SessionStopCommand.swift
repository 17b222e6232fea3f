import ArgumentParser
import KithAPI

/// `kith session stop`
struct SessionStopCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop workers with all that runs in them; what they hold stays.",
        discussion:
            "From that moment nobody trusts them, until they are started again. Example: kith session stop 'build-*'")

    @Argument(help: "Their names, or patterns of them.", completion: .workers)
    var names: [String]

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let names = try await WorkerWords.names(names, of: session)
        try await session.show(StopWorkers(names: names)) { WorkerView.sentence($0.workers, "stopped") }
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

    @Argument(help: "Their names, or patterns of them.", completion: .workers)
    var names: [String] = []

    @Flag(help: "All of them.")
    var all = false

    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if names.isEmpty != all { throw ValidationError("Name workers, or say --all: kith session remove worker-1") }
    }

    func run() async throws {
        let session = try common.session()
        let isEmpty = all ? try await session.client.call(ListWorkers()).workers.isEmpty : false
        let words = all && !isEmpty ? [PeerSelector.workers] : names
        let request = RemoveWorkers(names: try await WorkerWords.names(words, of: session))
        try await session.show(request) { WorkerView.sentence($0.workers, "removed") }
    }
}
