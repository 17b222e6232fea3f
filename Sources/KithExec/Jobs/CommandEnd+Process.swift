import Glibc
import KithAPI
import KithKeeper

extension CommandEnd {
    /// The end of a process as exit codes say it: 124 after a timeout, 128 + N after signal N.
    init(jobID: JobID, _ end: ProcessEnd, sandbox: SandboxProfile = .none) {
        let code =
            switch end.exit {
            case .code(let code): code
            case .signal(let number): 128 + number
            }
        self.init(
            jobID: jobID, exitCode: end.timedOut ? 124 : code, signal: end.signalName, timedOut: end.timedOut,
            duration: Int(end.duration / .milliseconds(1)), sandbox: sandbox == .none ? nil : sandbox)
    }
}

extension KithError {
    /// Why the kernel did not start `program`.
    init(_ failure: LaunchFailure, program: String) {
        switch LaunchRefusal(failure.number) {
        case .tooBig:
            self.init(
                .requestTooLarge, "The command and its variables are too long for the kernel.",
                hint: "Send a file instead.")
        case .noPlace:
            self.init(
                .limited, "The machine has no room for another process.", hint: "Try again when others have ended.")
        case .noFormat:
            self.init(
                .execFailed, "`\(program)` is no program for this machine.",
                hint: "A script begins with `#!/bin/sh` or its like.")
        case .notThere:
            self.init(
                .execFailed, "`\(program)` or the interpreter that its first line names is not there.",
                hint: "Check its first line.")
        case .other:
            self.init(
                .execFailed, "`\(program)` could not be started: \(String(cString: strerror(failure.number))).",
                hint: "Check that it may be executed.")
        }
    }
}
