import FoundationEssentials
import KithAPI

/// What a model is told about a job: how far it is, how it ended, and what it printed.
struct JobReport: Described, Equatable {
    var jobID: JobID
    var state: Job.State
    var exitCode: Int?
    var signal: String?
    var timedOut: Bool?
    var duration: Int?
    var stdout: String?
    var stdoutEncoding: CommandResult.Encoding?
    var stderr: String?
    var stderrEncoding: CommandResult.Encoding?
    var outputBytes: Int
    var isCut: Bool?
    var nextCursor: Int?

    init(_ job: Job) {
        (jobID, state, outputBytes) = (job.jobID, job.state, job.outputBytes)
        if let end = job.end {
            (exitCode, signal, timedOut, duration) = (end.exitCode, end.signal, end.timedOut, end.duration)
        }
    }

    /// A report with output, as the answer of a tool.
    static func answer(_ job: Job, at place: Place, _ errand: Errand) async throws -> ToolAnswer {
        let output = try await JobExcerpt.read(job, at: place, errand)
        var report = JobReport(job)
        report.add(output)
        return try report.answer(output, at: place, errand)
    }

    mutating func add(_ output: JobExcerpt) {
        (stdout, stdoutEncoding) = output.stdout.written
        (stderr, stderrEncoding) = output.stderr.written
        isCut = output.hole != nil
        nextCursor = output.cursor
    }

    func answer(_ output: JobExcerpt, at place: Place, _ errand: Errand) throws -> ToolAnswer {
        let quotation = Quotation(errand, from: place)
        var lines = [headline(at: place)]
        if let stdout, !stdout.isEmpty { lines.append(quotation.of(stdout, "standard output")) }
        if let stderr, !stderr.isEmpty { lines.append(quotation.of(stderr, "standard error")) }
        if output.hole == nil, isCut == true {
            lines.append("The rest is lost. To keep it, write it to a file there and read that in pieces.")
        }
        if let hole = output.hole {
            lines.append(
                "Left out: bytes \(hole.lowerBound) to \(hole.upperBound). Read them with kith_job "
                    + "\(call(at: place, "output", ", \"cursor\": \(hole.lowerBound)")).")
        }
        return ToolAnswer(
            lines.joined(separator: "\n"), try JSONValue(encoding: self).members ?? [:], from: place)
    }

    func headline(at place: Place) -> String {
        switch state {
        case .running:
            "Running on \(place.name) as job \(jobID), \(outputBytes) bytes so far. Wait for it with kith_job "
                + "\(call(at: place, "wait"))."
        case .lost: "Nobody can say how job \(jobID) ended: what held it on \(place.name) was killed."
        case .ended:
            "Exit code \(exitCode ?? -1)\(signal.map { " (signal \($0))" } ?? "")"
                + "\(timedOut == true ? ", its time was up" : "") after \(duration ?? 0) ms on \(place.name), "
                + "job \(jobID)."
        }
    }

    private func call(at place: Place, _ action: String, _ more: String = "") -> String {
        "{\"peer\": \"\(place.word)\", \"job_id\": \"\(jobID)\", \"action\": \"\(action)\"\(more)}"
    }

    static var parameters: [Parameter] {
        [
            Parameter("jobID", \Self.jobID, "The job; give it to kith_job as `job_id`."),
            Parameter("state", \Self.state, "`running`, `ended`, or `lost`."),
            Parameter("exitCode", \Self.exitCode, "The exit code; 124 after a timeout, 128 + N after signal N."),
            Parameter("signal", \Self.signal, "The signal that ended it."),
            Parameter("timedOut", \Self.timedOut, "Whether its time was up."),
            Parameter("duration", \Self.duration, "Milliseconds it ran."),
            Parameter("stdout", \Self.stdout, "What it wrote to standard output."),
            Parameter("stdoutEncoding", \Self.stdoutEncoding, "How `stdout` is written."),
            Parameter("stderr", \Self.stderr, "What it wrote to standard error."),
            Parameter("stderrEncoding", \Self.stderrEncoding, "How `stderr` is written."),
            Parameter("outputBytes", \Self.outputBytes, "Bytes that it wrote to both in all."),
            Parameter("isCut", \Self.isCut, "Whether the middle of the output was left out."),
            Parameter("nextCursor", \Self.nextCursor, "Where what it writes next will stand."),
        ]
    }
}
