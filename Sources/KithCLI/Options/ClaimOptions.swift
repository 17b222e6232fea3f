import ArgumentParser
import KithAPI

/// The claim that covers what is asked for.
struct ClaimOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only while nobody has claimed this task later; needs --token.", valueName: "id"))
    var task: TaskID?

    @Option(help: ArgumentHelp("The token of the claim on --task.", valueName: "n"))
    var token: Int?

    func validate() throws {
        if (task == nil) != (token == nil) { throw ValidationError("--task and --token go together.") }
    }
}

extension Fenced {
    /// The same request, covered by the claim that was given.
    func behind(_ claim: ClaimOptions) -> Self { behind(claim.task, token: claim.token) }
}
