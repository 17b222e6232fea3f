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
        let reasons = workers.compactMap { worker in worker.reason.map { "\(worker.name): \($0.escaped)" } }
        return ([table.text] + reasons).joined(separator: "\n")
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
        facts.add("ask it", "KITH_HOME=\(worker.folder.quoted) kith status")
        return facts.text
    }

    /// What became of them, in a sentence: `4 workers are running: worker-1 to worker-4.`
    static func sentence(_ workers: [WorkerStatus], _ verb: String) -> String {
        let done = verb == "running" ? workers.filter { $0.state == .running } : workers
        guard let first = done.first else { return verb == "running" ? "" : "There was no worker." }
        guard done.count > 1 else { return "\(first.name) is \(verb)." }
        return "\(done.count) workers are \(verb): \(names(done.map(\.name)))."
    }

    /// `a, b, c`; `worker-1 to worker-9` where that says it all; otherwise the first of them.
    private static func names(_ names: [PeerName]) -> String {
        let words = names.map(\.text)
        guard words.count > 4 else { return words.joined(separator: ", ") }
        if isRow(words) { return "\(words[0]) to \(words[words.count - 1])" }
        return words.prefix(3).joined(separator: ", ") + " and \(words.count - 3) more"
    }

    /// Whether they are one word with numbers that follow each other.
    private static func isRow(_ words: [String]) -> Bool {
        guard let first = words.first else { return false }
        let stem = String(first.reversed().drop { $0.isNumber }.reversed())
        guard let start = Int(first.dropFirst(stem.count)) else { return false }
        return words.enumerated().allSatisfy { $1 == "\(stem)\(start + $0)" }
    }
}
