/// How a command ended, and what it printed.
public struct CommandResult: Described, Equatable {
    /// How the bytes of a stream are written in JSON.
    public enum Encoding: String, ParameterChoice {
        /// They were UTF-8 and stand as they are.
        case utf8
        /// They were not, and stand in base 64.
        case base64
    }

    /// The job that ran.
    public var jobID: JobID
    /// The exit code; 124 after a timeout, 128 + N after signal N.
    public var exitCode: Int
    /// The signal that ended it, for example `TERM`.
    public var signal: String?
    /// Whether its time was up.
    public var timedOut: Bool
    /// Whether either stream had more than was kept; the beginning is kept.
    public var truncated: Bool
    /// What it wrote to standard output.
    public var stdout: String
    /// How `stdout` is written.
    public var stdoutEncoding: Encoding
    /// How many bytes it wrote to standard output in all.
    public var stdoutBytes: Int
    /// What it wrote to standard error.
    public var stderr: String
    /// How `stderr` is written.
    public var stderrEncoding: Encoding
    /// How many bytes it wrote to standard error in all.
    public var stderrBytes: Int
    /// How long it ran, in milliseconds.
    public var duration: Int

    /// A result from its parts.
    public init(
        end: CommandEnd, truncated: Bool, stdout: (text: String, encoding: Encoding, bytes: Int),
        stderr: (text: String, encoding: Encoding, bytes: Int)
    ) {
        (jobID, exitCode, signal, timedOut, duration) = (
            end.jobID, end.exitCode, end.signal, end.timedOut, end.duration
        )
        (self.stdout, stdoutEncoding, stdoutBytes) = stdout
        (self.stderr, stderrEncoding, stderrBytes) = stderr
        self.truncated = truncated
    }

    public static var parameters: [Parameter] {
        [
            Parameter("jobID", \Self.jobID, "The job that ran."),
            Parameter("exitCode", \Self.exitCode, "The exit code; 124 after a timeout, 128 + N after signal N."),
            Parameter("signal", \Self.signal, "The signal that ended it."),
            Parameter("timedOut", \Self.timedOut, "Whether its time was up."),
            Parameter("truncated", \Self.truncated, "Whether a stream had more than was kept."),
            Parameter("stdout", \Self.stdout, "What it wrote to standard output."),
            Parameter("stdoutEncoding", \Self.stdoutEncoding, "How `stdout` is written."),
            Parameter("stdoutBytes", \Self.stdoutBytes, "Bytes of standard output in all."),
            Parameter("stderr", \Self.stderr, "What it wrote to standard error."),
            Parameter("stderrEncoding", \Self.stderrEncoding, "How `stderr` is written."),
            Parameter("stderrBytes", \Self.stderrBytes, "Bytes of standard error in all."),
            Parameter("duration", \Self.duration, "Milliseconds it ran."),
        ]
    }
}
