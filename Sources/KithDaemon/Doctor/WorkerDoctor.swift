import KithAPI
import KithWorkers

/// Examines the workers of a node: those whose keys cannot be used, and those that end by themselves.
struct WorkerDoctor: Sendable {
    /// Nil where the node is a worker itself.
    let fleet: WorkerFleet?

    func examine() async -> [Finding] {
        guard let fleet else { return [] }
        let damages = await fleet.examineKeys()
        return await fleet.list().workers.compactMap { worker in
            let subject = "worker \(worker.name)"
            if let damage = damages[worker.name] {
                return Finding(
                    subject, .failed, damage.message,
                    remedy: "kith session remove \(worker.name)  # It holds nothing then; or put its key back.")
            }
            guard worker.state == .waiting else { return nil }
            return Finding(
                subject, .failed, "It does not stay up. \(worker.reason ?? "")",
                remedy: "KITH_HOME=\(worker.folder.quoted) kith logs --daemon")
        }
    }
}
