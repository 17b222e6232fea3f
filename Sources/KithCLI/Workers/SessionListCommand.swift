import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith session list`
struct SessionListCommand: Answering {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the workers of this node.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(ListWorkers()) { WorkerView.table($0.workers, at: Date()) }
    }
}

/// `kith session status`
struct SessionStatusCommand: Answering {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "Say how one worker is.")

    @Argument(help: "Its name.", completion: .workers)
    var name: String

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(GetWorker(worker: name)) { WorkerView.text($0, at: Date()) }
    }
}
