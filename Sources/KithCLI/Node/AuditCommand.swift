import ArgumentParser
import KithAPI
import KithClient

/// `kith audit`
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check that the audit log is whole.", subcommands: [AuditVerifyCommand.self])
}

/// `kith audit verify`
struct AuditVerifyCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check the hash chain of the audit log.",
        discussion: "Leaves with 65 and names the first line that does not fit, if there is one.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let bytes = try await session.client.raw(VerifyAudit.name, json: JSON.encode(VerifyAudit()))
        let finding = try KithClient.read(VerifyAudit.Reply.self, from: bytes)
        try session.output.show(bytes, as: VerifyAudit.Reply.self, view: Self.view)
        if finding.firstBadLine != nil { throw ExitCode(65) }
    }

    /// The finding in a sentence.
    static func view(_ reply: VerifyAudit.Reply) -> String {
        let sound = Measure.count(reply.records, "record")
        guard let line = reply.firstBadLine else { return "The audit log is whole: \(sound)." }
        return "The audit log does not fit from line \(line) on; \(sound) before it are sound."
    }
}
