import FoundationEssentials
import KithAPI
import Synchronization

@testable import KithMCP

/// A node with one job whose output and end a test decides.
final class StubJobs: Sendable {
    static let id = GetJob.example.jobID

    private struct State {
        var output: [UInt8] = []
        var end: CommandEnd?
        var heard: [String] = []
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// The capabilities that were asked, in order.
    var heard: [String] { state.withLock { $0.heard } }

    init(output: String, ended exitCode: Int? = nil) {
        state.withLock { state in
            state.output = Array(output.utf8)
            state.end = exitCode.map { CommandEnd(jobID: Self.id, exitCode: $0, duration: 5) }
        }
    }

    /// Returns once the capability has been asked.
    func waitUntilAsked(_ name: String) async {
        await withCheckedContinuation { waiter in
            let isOver = state.withLock { state in
                if !state.heard.contains(name) { state.waiters.append(waiter) }
                return state.heard.contains(name)
            }
            if isOver { waiter.resume() }
        }
    }

    var access: NodeAccess {
        NodeAccess { question in
            self.note(question.capability)
            switch question.capability {
            case "job.output":
                return try JSON.encode(self.piece(try JSON.decode(ReadJobOutput.self, from: question.json)))
            case "job.wait": return try await self.wait()
            default: return try JSON.encode(self.job)
            }
        } feed: { _, _ in
        }
    }

    private func note(_ name: String) {
        let waiters = state.withLock { state in
            state.heard.append(name)
            defer { if name == "job.wait" { state.waiters = [] } }
            return name == "job.wait" ? state.waiters : []
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits for ever for a job that does not end, as long as it is not given up.
    private func wait() async throws -> [UInt8] {
        if job.state == .running { for await _ in AsyncStream<Never>.makeStream().stream {} }
        try Task.checkCancellation()
        return try JSON.encode(job)
    }

    private var job: Job {
        state.withLock { state in
            Job(
                jobID: Self.id, state: state.end == nil ? .running : .ended, title: "make", folder: "/",
                startedBy: "laptop", startedAt: Date(timeIntervalSince1970: 0), outputBytes: state.output.count,
                end: state.end)
        }
    }

    private func piece(_ request: ReadJobOutput) -> JobOutput {
        state.withLock { state in
            let count = state.output.count
            let asked = request.cursor ?? 0
            let start = min(max(asked < 0 ? count + asked : asked, 0), count)
            let end = min(start + (request.limit ?? 65_536), count)
            let text = String(decoding: state.output[start..<end], as: UTF8.self)
            let pieces = start == end ? [] : [JobEvent(.stdout, at: start, next: end, text: text, encoding: .utf8)]
            return JobOutput(pieces: pieces, cursor: end, isComplete: end == count && state.end != nil)
        }
    }
}
