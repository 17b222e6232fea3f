import ArgumentParser
import KithAPI
import KithClient

/// `kith doctor`
struct DoctorCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Examine this node and name the remedies.",
        discussion: """
            Works without a running daemon too. Each remedy is a command to paste. Leaves with 0 if all is well, 1 if \
            there are warnings, 2 if something has failed.

            Examples:
              kith doctor
              kith doctor --fix
              kith doctor --security --json
            """)

    @Flag(help: "First mend what is safely mended: modes, missing folders, leftovers, agents that start another Kith.")
    var fix = false

    @Flag(help: "Also look for open sockets, wide grants, an old key, and peers not seen for 90 days.")
    var security = false

    @OptionGroup var common: GlobalOptions

    /// What is printed as JSON.
    struct Report: Codable {
        /// One per thing examined.
        var findings: [Finding]
        /// What `--fix` did; absent without it.
        var mended: [Finding]?
    }

    func run() async throws {
        let examination = Examination(session: try common.session(), home: common.home)
        let mended = fix ? await examination.mend() : nil
        let report = Report(findings: await examination.findings(security: security), mended: mended)
        try Output(format: common.json ? .json : .people).show(report, view: Self.view)
        let verdicts = Set(report.findings.map(\.verdict))
        if verdicts.contains(.failed) { throw ExitCode(2) }
        if verdicts.contains(.warning) { throw ExitCode(1) }
    }

    private static func view(_ report: Report) -> String {
        let mended = report.mended.map { mended in
            mended.isEmpty ? "Nothing to mend.\n\n" : mended.map { mendingLine($0) }.joined(separator: "\n") + "\n\n"
        }
        return (mended ?? "") + view(report.findings)
    }

    private static func mendingLine(_ finding: Finding) -> String {
        (finding.verdict == .ok ? "mended   " : "not mended  ") + finding.message.escaped
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
