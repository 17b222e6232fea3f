/// A request that may be covered by the claim on a task: it has no effect once somebody else has claimed the task.
///
/// The node that is asked refuses a token below the highest that it has seen of the task (`task.stale`), and its own
/// tasks' tokens are always known to it. It is checked once, before the first effect.
public protocol Fenced: Capability {
    /// Only while nobody has claimed this task later; needs `token`.
    var task: TaskID? { get set }
    /// The token of the claim on `task`.
    var token: Int? { get set }
}

extension Fenced {
    /// The same request, covered by a claim.
    public func behind(_ task: TaskID?, token: Int?) -> Self {
        var request = self
        (request.task, request.token) = (task, token)
        return request
    }

    /// What every such request has.
    static var fence: [Parameter] {
        [
            Parameter("task", \Self.task, "Only while nobody has claimed this task later; needs `token`."),
            Parameter("token", \Self.token, "The token of the claim on `task`."),
        ]
    }
}
