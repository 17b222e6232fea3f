import KithAPI
import Testing

@testable import KithMCP

struct JobTests {
    @Test func `output that fits is whole`() async throws {
        let report = try await report(of: StubJobs(output: "one\ntwo\n", ended: 3))

        #expect(report["exitCode"] == 3)
        #expect(report["stdout"] == "one\ntwo\n")
        #expect(report["isCut"] == false)
        #expect(report["origin"]?["machine"] == "studio")
    }

    @Test func `long output keeps head and tail, and names what is left out`() async throws {
        let output = String(repeating: "a", count: 50_000) + String(repeating: "b", count: 50_000)
        let report = try await report(of: StubJobs(output: output, ended: 0))
        let text = try #require(report["stdout"]?.text)

        #expect(report["isCut"] == true)
        #expect(text.hasPrefix(String(repeating: "a", count: JobExcerpt.head) + "\n[… 40000 bytes left out …]\n"))
        #expect(text.hasSuffix(String(repeating: "b", count: JobExcerpt.tail)))
    }

    @Test(arguments: [(10, 0), (.min, .max), (.max, .min), (-1, -1)])
    func `a gap that ends before it begins does no harm`(at: Int, next: Int) {
        var excerpt = JobExcerpt()
        excerpt.add(JobOutput(pieces: [JobEvent(.gap, at: at, next: next)], cursor: next, isComplete: false))
        #expect(excerpt.cursor == max(0, next))
    }

    @Test func `who cancels the call ends the job`() async throws {
        let jobs = StubJobs(output: "")
        let errand = errand(jobs, "kith_execute", ["peer": "studio", "shell": "sleep 600"])
        // A task of its own, because the test has to cancel it.
        let call = Task { try await Execution(errand, at: .peer("studio")).run(StartCommand(shell: "x"), waiting: 50) }

        await jobs.waitUntilAsked("job.wait")
        call.cancel()

        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(jobs.heard == ["exec.start", "job.wait", "job.signal"])
    }

    @Test func `what has not ended in time goes on as a job`() async throws {
        let jobs = StubJobs(output: "so far\n")
        let errand = errand(jobs, "kith_execute", [:])
        let answer = try await Execution(errand, at: .peer("studio")).run(StartCommand(shell: "x"), waiting: 0)

        #expect(answer.structured["state"] == "running")
        #expect(answer.structured["stdout"] == "so far\n")
        #expect(answer.text.contains(#"{"peer": "studio", "job_id": "\#(StubJobs.id)", "action": "wait"}"#))
        #expect(jobs.heard == ["exec.start", "job.output"])
    }

    @Test(arguments: [(nil, "working"), (0, "completed"), (4, "completed")] as [(Int?, String)])
    func `a task is a job in other words, whoever asks for it`(exitCode: Int?, status: String) async throws {
        let jobs = StubJobs(output: "x", ended: exitCode)
        let errand = errand(jobs, "tasks/get", ["taskId": .string("studio/\(StubJobs.id)")])
        let task = try await JobTask.get(errand).members

        #expect(task["status"]?.text == status)
        #expect(task["taskId"]?.text == "studio/\(StubJobs.id)")
        #expect(task["result"]?["structuredContent"]?["exitCode"]?.int == exitCode)
    }

    @Test(arguments: ["", "studio", "studio/", "studio/../x", "jaaaaaaaaaaaa"])
    func `a task that is none is refused`(id: String) async {
        let errand = errand(StubJobs(output: ""), "tasks/get", ["taskId": .string(id)])
        await #expect(throws: RPCError.self) { try await JobTask.get(errand) }
    }

    private func report(of jobs: StubJobs) async throws -> JSONValue {
        let errand = errand(jobs, "kith_execute", [:])
        let answer = try await Execution(errand, at: .peer("studio")).run(StartCommand(shell: "x"), waiting: 5)
        return .object(answer.structured)
    }

    private func errand(_ jobs: StubJobs, _ method: String, _ params: [String: JSONValue]) -> Errand {
        var client = ClientFacts(revision: .july2026, name: "test")
        client.hasTasks = method.hasPrefix("tasks/")
        return Errand(
            server: MCPServer(node: jobs.access), request: Request(id: .number(1), method: method, params: params),
            client: client, outlet: Outlet { _, _ in })
    }
}
