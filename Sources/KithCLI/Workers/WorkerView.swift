import FoundationEssentials
import KithAPI

/// Workers for people.
enum WorkerView {
    /// All of them, a line each.
    static func table(_ workers: [WorkerStatus], at now: Date) -> String {
        guard !workers.isEmpty else { return "No workers. Start some: `kith session start-fleet -c 4`." }
        var table = Table("NAME", "STATE", "ID", "ADDRESS", "PROCESS", "SINCE", "RESTARTS")
        for worker in workers {
            table.add(
                worker.name.text, worker.state.rawValue, worker.id.short, worker.address?.description ?? "",
                worker.pid.map(String.init) ?? "", worker.since == nil ? "" : Measure.age(of: worker.since, at: now),
                worker.restarts == 0 ? "" : String(worker.restarts))
        }
        return table.text
    }

    /// One of them.
    static func text(_ worker: WorkerStatus, at now: Date) -> String {
        var facts = Facts()
        facts.add("name", worker.name.text)
        facts.add("state", worker.state.rawValue)
        facts.add("reason", worker.reason)
        facts.add("peer name", worker.peer.text)
        facts.add("id", worker.id.checkedGroups)
        facts.add("address", worker.address?.description)
        facts.add("process", worker.pid.map(String.init))
        facts.add("since", worker.since.map { Measure.age(of: $0, at: now) })
        facts.add("restarts", worker.restarts == 0 ? nil : String(worker.restarts))
        facts.add("folder", worker.folder)
        return facts.text
    }

    /// What became of them, in a sentence: `4 workers are running: worker-1 to worker-4.`
    static func sentence(_ workers: [WorkerStatus], _ verb: String) -> String {
        let done = verb == "running" ? workers.filter { $0.state == .running } : workers
        guard let first = done.first else { return verb == "running" ? "" : "There was no worker." }
        guard done.count > 1 else { return "\(first.name) is \(verb)." }
        let names =
            done.count > 4
            ? "\(first.name) to \(done[done.count - 1].name)" : done.map(\.name.text).joined(separator: ", ")
        return "\(done.count) workers are \(verb): \(names)."
    }
}
