import KithAPI

extension Roster {
    /// Makes the probes, `probeLimit` at a time, each in a task of its own.
    nonisolated func makeProbes() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await job in jobs {
                if running == RosterPolicy.probeLimit {
                    await group.next()
                    running -= 1
                }
                group.addTask { await self.make(job) }
                running += 1
            }
            group.cancelAll()
        }
    }

    private nonisolated func make(_ job: Job) async {
        let start = ContinuousClock.now
        let result = await result(of: job)
        let latency = ContinuousClock.now - start
        guard !Task.isCancelled else { return }
        await feed(.probed(job.address, result, latency: latency), to: job.id)
    }

    private nonisolated func result(of job: Job) async -> ProbeResult {
        await withTaskGroup(of: ProbeResult.self) { group in
            group.addTask { await self.probe(job.id, job.address) }
            group.addTask {
                try? await Task.sleep(for: self.policy.probeTimeout)
                return .unreachable
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .unreachable
        }
    }
}
