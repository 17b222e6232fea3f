import KithAPI

extension ToolTable {
    static let workers: [Tool] = [
        .asking(
            ListWorkers.self,
            Tool.Card(
                name: "kith_session_list", title: "List workers",
                description: """
                    List the workers of this machine: nodes of their own, each with its own values, messages and tasks. \
                    Use a worker's `peer` as `peer` in other tools.
                    """),
            .looks, words: { reply, _ in words(reply.workers) }),
        .asking(
            StartWorkers.self,
            Tool.Card(
                name: "kith_session_start", title: "Start workers",
                description: """
                    See that workers run on this machine: by `names`, or `count` of them (`worker-1`, `worker-2`, …). \
                    What runs already stays. Each costs about 8 MB and runs until it is stopped. \
                    Example: {"count": 3}.
                    """),
            .stores, only: ["names", "count", "prefix"], words: { reply, _ in words(reply.workers) }),
        .asking(
            StopWorkers.self,
            Tool.Card(
                name: "kith_session_stop", title: "Stop workers",
                description: """
                    Stop workers of this machine and every command that runs in them: those in `names`, or all without \
                    it. What they hold stays for the next start. Example: {"names": ["worker-1"]}.
                    """),
            .removes, words: { reply, _ in words(reply.workers) }),
    ]

    private static func words(_ workers: [WorkerStatus]) -> String {
        guard !workers.isEmpty else { return "There are no workers. kith_session_start makes some." }
        return workers.map { worker in
            "\(worker.peer): \(worker.state.rawValue)" + (worker.reason.map { " (\($0))" } ?? "")
        }.joined(separator: "\n")
    }
}
