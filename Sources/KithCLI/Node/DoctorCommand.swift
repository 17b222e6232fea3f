import ArgumentParser
import KithAPI
import KithClient

/// `kith doctor`
struct DoctorCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Examine this node and name the remedies.",
        discussion: "Works without a running daemon too. Leaves with 1 if something has failed; warnings do not count.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let findings = try await findings(session)
        if findings.contains(where: { $0.verdict == .failed }) { throw ExitCode.failure }
    }

    private func findings(_ session: Session) async throws -> [Finding] {
        do {
            let bytes = try await session.client.raw(Diagnose.name, json: JSON.encode(Diagnose()))
            try session.output.show(bytes, as: Diagnose.Reply.self) { Self.view($0.findings) }
            return try KithClient.read(Diagnose.Reply.self, from: bytes).findings
        } catch let error as KithError where [.daemonNotRunning, .denied, .unavailable, .limited].contains(error.code) {
            let found = Diagnose.Reply(findings: Self.withoutDaemon(error))
            try session.output.show(found) { Self.view($0.findings) }
            return found.findings
        }
    }

    /// What can be said from outside.
    static func withoutDaemon(_ error: KithError) -> [Finding] {
        let program = Result { () throws(KithError) in try DaemonProgram.find() }
        let programFinding =
            switch program {
            case .success(let program): Finding("kithd", .ok, "The daemon's program is \(program.path).")
            case .failure(let error): Finding("kithd", .failed, error.message, remedy: error.hint)
            }
        return [programFinding, Finding("daemon", .failed, error.message, remedy: error.hint)]
    }

    /// A line per finding, and its remedy below it.
    static func view(_ findings: [Finding]) -> String {
        let width = findings.map(\.subject.escaped.count).max() ?? 0
        let lines = findings.map { finding in
            let subject = finding.subject.escaped
            let line =
                "\(mark(finding.verdict))  \(subject)\(String(repeating: " ", count: width - subject.count))  \(finding.message.escaped)"
            return finding.remedy.map { line + "\n" + String(repeating: " ", count: width + 11) + "→ " + $0.escaped }
                ?? line
        }
        return (lines + [summary(findings)]).joined(separator: "\n")
    }

    private static func mark(_ verdict: Finding.Verdict) -> String {
        switch verdict {
        case .ok: "ok     "
        case .warning: "warning"
        case .failed: "FAILED "
        }
    }

    private static func summary(_ findings: [Finding]) -> String {
        let failed = findings.count { $0.verdict == .failed }
        let warnings = findings.count { $0.verdict == .warning }
        guard failed + warnings > 0 else { return "All is well." }
        return [failed > 0 ? "\(failed) failed" : nil, warnings > 0 ? Measure.count(warnings, "warning") : nil]
            .compactMap { $0 }.joined(separator: ", ") + "."
    }
}
