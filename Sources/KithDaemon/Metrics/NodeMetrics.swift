import CoreMetrics
import Foundation
import KithAPI
import KithExec
import KithStore
import KithWire

/// What this node counts, and what `GET /metrics` answers.
struct NodeMetrics: Sendable {
    private let prometheus = Prometheus()
    /// For the doors and the dispatcher.
    let wire: WireMetrics

    init() { wire = WireMetrics(prometheus) }

    /// Everything, with the lengths of the queues as they are now.
    func text(_ parts: Parts) async -> String {
        let status = await parts.status.report()
        gauge("kith_info", 1, ["version": status.version])
        gauge("kith_uptime_seconds", status.uptime)
        gauge("kith_jobs_running", status.running)
        gauge("kith_peers", status.peers)
        gauge("kith_peers_online", status.peersOnline)
        gauge("kith_peer_connections", parts.live.count)
        gauge("kith_approvals_waiting", await parts.exec.approvals(ListApprovals(), from: .owner).approvals.count)
        if let workers = await parts.fleet?.list().workers { measure(workers) }
        if let queues = try? await parts.store.queues() { measure(queues) }
        measureProcess()
        return prometheus.text(help: Self.help)
    }

    private func measure(_ workers: [WorkerStatus]) {
        for state in WorkerStatus.State.allCases {
            gauge("kith_workers", workers.count { $0.state == state }, ["state": state.rawValue])
        }
        gauge("kith_worker_restarts", workers.reduce(0) { $0 + $1.restarts })
    }

    private func measure(_ queues: QueueLengths) {
        for (name, length) in [("inbox", queues.inbox), ("outbox", queues.outbox), ("held", queues.held)] {
            gauge("kith_messages_waiting", length, ["queue": name])
        }
        gauge("kith_tasks", queues.openTasks, ["state": "open"])
        gauge("kith_tasks", queues.heldTasks, ["state": "held"])
    }

    private func measureProcess() {
        var usage = rusage()
        if getrusage(RUSAGE_SELF.rawValue, &usage) == 0 {
            let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
            let rest = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1_000_000
            meter("process_cpu_seconds").set(Double(seconds) + rest)
        }
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        if let pages, pages.count > 1, let resident = Int(pages[1]) {
            gauge("process_resident_memory_bytes", resident * Int(getpagesize()))
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            gauge("process_open_fds", files.count)
        }
    }

    private func gauge(_ name: String, _ value: Int, _ labels: [String: String] = [:]) {
        meter(name, labels).set(Int64(value))
    }

    private func meter(_ name: String, _ labels: [String: String] = [:]) -> any MeterHandler {
        prometheus.makeMeter(label: name, dimensions: labels.sorted { $0.key < $1.key })
    }

    private static let help = [
        "kith_approvals_waiting": "Commands that wait for the owner's word.",
        "kith_call_seconds": "How long answers took, by capability.",
        "kith_calls_total": "Questions that were answered, by capability.",
        "kith_errors_total": "Questions that failed or were refused, by capability and code.",
        "kith_info": "The version of the daemon.",
        "kith_jobs_running": "Commands and terminals that run.",
        "kith_messages_waiting": "Messages that wait: for agents here, for other nodes, for the owner's word.",
        "kith_peer_connections": "Open connections of peers that ask.",
        "kith_peers": "Paired peers.",
        "kith_peers_online": "Paired peers that are online.",
        "kith_received_bytes_total": "Bytes received: from the owner, from peers that ask, from peers that are asked.",
        "kith_sent_bytes_total": "Bytes sent: to the owner, to peers that ask, to peers that are asked.",
        "kith_tasks": "Tasks of this node that are not finished.",
        "kith_uptime_seconds": "Seconds since the daemon started.",
        "kith_worker_restarts": "How often workers were started again after they ended by themselves.",
        "kith_workers": "Workers of this node, by what they do.",
        "process_cpu_seconds": "Processor time of the daemon, in user and in system mode.",
        "process_open_fds": "Open files of the daemon.",
        "process_resident_memory_bytes": "Memory of the daemon that is in RAM.",
    ]
}
