import ArgumentParser
import KithAPI
import KithClient

/// `kith shell attach`
struct ShellAttachCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Come back to a terminal, or join one.")

    @Argument(help: "Its name or job id; the one used last unless given.", completion: .terminals)
    var terminal: String?

    @Flag(help: "Only watch: keys are not passed on, and this window's size does not count.")
    var readOnly = false

    @OptionGroup var target: TargetOptions
    @OptionGroup var escape: EscapeOptions
    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if common.json { throw ValidationError("A terminal has no answer in JSON; `kith shell list` has.") }
    }

    func run() async throws {
        let session = try common.session()
        let (terminal, readOnly) = (terminal, readOnly ? true : nil)
        var run = TerminalRun(client: session.client, target: target.target, keys: escape.key) { size in
            AttachTerminal(terminal: terminal, size: size, isReadOnly: readOnly)
        } resumption: { id, _, size in
            AttachTerminal(terminal: id.text, size: size, isReadOnly: readOnly, resumes: true)
        }
        run.isReadOnly = self.readOnly
        throw try await run.shell(session)
    }
}
