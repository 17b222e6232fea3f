import FoundationEssentials
import KithAPI

/// What a peer may do, in a few words for a table: `mine, vouch`, `worker, exec=git`, `worker without terminal`.
///
/// The preset that fits best, then each rule that differs from it, as it was given: it replaces the preset's rule of
/// the same grant. What has expired is left out.
struct GrantSummary {
    let text: String

    init(_ grants: GrantSet, at now: Date) {
        let rules = grants.rules.filter { rule in rule.expiresAt.map { now < $0 } ?? true }
        let plain = rules.map(Self.word)
        let best = GrantPreset.allCases.map { Self.words(rules, beyond: $0) }.min { $0.count < $1.count }
        // A preset of which half is missing says less than the rules themselves.
        text = best.flatMap { $0.count < plain.count ? $0.text : nil } ?? plain.joined(separator: ", ")
    }

    /// The rules as `preset` and what differs, and how many things that are to read.
    private static func words(_ rules: [GrantRule], beyond preset: GrantPreset) -> (text: String, count: Int) {
        let own = preset.grants.rules
        let more = rules.filter { !own.contains($0) }
        let missing = own.map(\.grant).filter { grant in !rules.contains { replaces(grant, $0) } }.map(\.rawValue)
        let text = ([preset.rawValue] + more.map(word)).joined(separator: ", ")
        return (
            missing.isEmpty ? text : text + " without " + missing.joined(separator: " and "),
            1 + more.count + missing.count
        )
    }

    /// Whether `rule` alone says how it is with all of `grant`.
    private static func replaces(_ grant: Grant, _ rule: GrantRule) -> Bool {
        rule.grant == grant && (rule.effect != .deny || rule.scope.isEmpty)
    }

    /// A rule as one gives it, with the first of what it is limited to.
    private static func word(_ rule: GrantRule) -> String {
        let word = rule.effect.prefix + rule.grant.rawValue
        let hasMore = rule.scope.count > 1 || rule.bounds != nil
        return word + (rule.scope.first.map { "=" + $0 } ?? "") + (hasMore ? "…" : "")
    }
}
