import FoundationEssentials
import KithAPI
import KithExec
import KithTrust

/// Explains what grants come to.
struct GrantsService: Sendable {
    let book: TrustBook
    let exec: ExecService
    let now: @Sendable () -> Date

    /// What would happen if a peer asked, and which rule decides. Commands are explained by what decides about them.
    ///
    /// - Throws: ``KithError`` `peer.unknown`, `peer.ambiguous`, `request.invalid`.
    func explain(_ request: ExplainGrant) async throws -> GrantExplanation {
        let grants = try book.find(request.peer).grants
        guard let rule = grants.decidingRule(for: request.grant, at: now()), rule.opens else {
            return closed(request, grants)
        }
        if request.grant.canBeAskedFor { return try await exec.explain(request, grants) }
        return decided(grants.decidingRule(for: request.grant, on: request.object?.first, at: now()), request)
    }

    /// The grant is not held at all.
    private func closed(_ request: ExplainGrant, _ grants: GrantSet) -> GrantExplanation {
        let rule = grants.decidingRule(for: request.grant, at: now())
        let word = request.grant.rawValue
        return GrantExplanation(
            decision: .deny, rule: rule,
            reason: rule == nil ? "`\(word)` was not granted, or has expired." : "A rule denies all of `\(word)`.")
    }

    private func decided(_ rule: GrantRule?, _ request: ExplainGrant) -> GrantExplanation {
        guard let rule else {
            return GrantExplanation(decision: .deny, reason: "No rule of `\(request.grant.rawValue)` covers this.")
        }
        return GrantExplanation(
            decision: rule.opens ? .allow : .deny, rule: rule,
            reason: "The rule that names it most closely \(rule.opens ? "allows" : "denies") it.")
    }
}
