import KithAPI

/// How a failure reaches people and programs.
struct Failure {
    let error: KithError

    /// Any error, as one of ours.
    init(_ error: any Error) { self.error = KithError(wrapping: error) }

    /// `kith: what happened` and, below it, `  what to do`, which may have several lines.
    var text: String {
        let message = "kith: " + error.message.escaped
        let hint = error.hint?.split(separator: "\n").map { "\n  " + String($0).escaped } ?? []
        return message + hint.joined()
    }

    /// Says it: for people on standard error, and for programs also as JSON on standard output.
    func report(_ format: Output.Format) -> Int32 {
        let output = Output(format: format)
        if format == .json, let body = try? JSON.encode(ErrorBody(error)) { try? output.answer(body) }
        output.note(text)
        return error.code.exitCode
    }
}
