import FoundationEssentials
import KithAPI

/// `kith_execute` at a node that runs commands but keeps no jobs: the command lives as long as the call.
struct DirectRun {
    /// The arguments that make sense here.
    static let arguments = RunCommand.parameters.filter { $0.name != "outputLimit" }.map(Argument.init)
    /// What a model is told.
    static let manners = """
        Waits for its end: give `timeout_seconds` (300 unless given) for what may take long, and let what takes \
        longer run in the background there. It has no terminal, and its input is closed unless you give `stdin`. Of \
        long output only the beginning is kept.
        """
    /// Without a job to go on, a command gets this long unless told otherwise.
    static let usualTimeout = 300.0

    private let errand: Errand
    private let place: Place

    init(_ errand: Errand, at place: Place) {
        self.errand = errand
        self.place = place
    }

    /// Runs it to its end; who cancels the call ends the command.
    func run(_ arguments: Arguments) async throws -> ToolAnswer {
        var request = try arguments.request(RunCommand.self, without: ["peer"])
        request.outputLimit = JobExcerpt.head
        request.timeoutSeconds = request.timeoutSeconds ?? Self.usualTimeout
        let (errand, place, order) = (errand, place, request)
        let result = try await errand.telling("It runs on \(place.name).") { try await errand.ask(order, at: place) }
        let report = JobReport(result)
        return try report.answer(JobExcerpt(), at: place, errand)
    }
}

extension JobReport {
    /// What a command that was run in one go came to.
    init(_ result: CommandResult) {
        (jobID, state) = (result.jobID, .ended)
        (exitCode, signal, timedOut, duration) = (result.exitCode, result.signal, result.timedOut, result.duration)
        (stdout, stdoutEncoding) = (result.stdout, result.stdoutEncoding)
        (stderr, stderrEncoding) = (result.stderr, result.stderrEncoding)
        outputBytes = result.stdoutBytes + result.stderrBytes
        isCut = result.truncated
    }
}
