import ArgumentParser
import KithAPI
import KithClient

/// The claim that covers what is asked for.
struct ClaimOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Only while nobody has claimed this task later; needs --token.", valueName: "id"),
        completion: .tasks)
    var task: TaskWord?

    @Option(help: ArgumentHelp("The token of the claim on --task.", valueName: "n"))
    var token: Int?

    func validate() throws {
        if (task == nil) != (token == nil) { throw ValidationError("--task and --token go together.") }
    }

    /// The claim, with the whole id of its task.
    func find(_ client: KithClient) async throws -> Claim {
        Claim(task: try await task?.find(client), token: token)
    }
}

/// A claim that covers what is asked for; nothing does where both parts are nil.
struct Claim {
    let task: TaskID?
    let token: Int?
}

extension Fenced {
    /// The same request, covered by the claim that was given.
    func behind(_ claim: Claim) -> Self { behind(claim.task, token: claim.token) }
}
