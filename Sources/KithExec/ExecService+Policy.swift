public import KithAPI

/// Approvals, and what policy would say.
extension ExecService {
    /// The requests that wait for approval.
    public func approvals(_ request: ListApprovals, from caller: Caller) async -> ApprovalList {
        ApprovalList(approvals: await approvals.list())
    }

    /// Decides one of them.
    ///
    /// - Throws: ``KithError`` `not_found`, `denied` for the peer that asked for itself.
    public func decide(_ request: DecideApproval, from caller: Caller) async throws -> Approval {
        try await approvals.decide(request, by: caller)
    }

    /// Follows them until the task is cancelled.
    public func follow(
        _ request: FollowApprovals, from caller: Caller, _ write: @escaping @Sendable (Approval) async throws -> Void
    ) async throws {
        for await approval in await approvals.follow() { try await write(approval) }
    }

    /// What would happen to a command of a peer with these grants, by the very code that decides about it.
    ///
    /// - Throws: ``KithError`` `request.invalid` without a command.
    public func explain(_ request: ExplainGrant, _ grants: GrantSet) async throws -> GrantExplanation {
        let order = try order(request)
        let rules = grants.live(request.grant, at: now())
        let judged = try await JobStarter.offPool { [plan = starter.plan] in plan.judge(order, rules: rules) }
        let (decision, program) = (judged.decision, judged.program)
        return GrantExplanation(
            decision: decision.effect, rule: decision.rule, reason: Self.reason(decision, isThere: program != nil),
            program: decision.path ?? program?.path)
    }

    private func order(_ request: ExplainGrant) throws(KithError) -> CommandOrder {
        if request.grant == .terminal {
            let size = TerminalSize(columns: 80, rows: 24)
            let shell = node.environment.variables["SHELL"] ?? "/bin/sh"
            return try CommandOrder(
                OpenTerminal(command: request.object, folder: request.folder, size: size), shell: shell, within: limits)
        }
        return try CommandOrder(RunCommand(command: request.object, folder: request.folder), within: limits)
    }

    private static func reason(_ decision: ProgramPolicy.Decision, isThere: Bool) -> String {
        let missing = isThere ? "" : " There is no such program here, though."
        guard let rule = decision.rule else { return "No rule covers this command, and what is not granted is denied." }
        switch decision.effect {
        case .allow: return "The rule that names it most closely allows it." + missing
        case .ask: return "The rule that names it most closely wants the owner to be asked." + missing
        case .deny where rule.effect == .deny && rule.scope.isEmpty: return "A rule denies all of it."
        case .deny where rule.effect == .deny: return "The rule that names it most closely denies it."
        case .deny: return "The rule that names it most closely opens other folders only."
        }
    }
}
