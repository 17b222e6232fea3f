import Foundation
import KithAPI

/// What a peer holds beyond the widest preset that is wholly its own, without any bound.
struct GrantsCheck: Sendable {
    /// The user's home folder: what a file grant without folders opens.
    let userHome: String

    func finding(about peer: PeerStatus) -> Finding {
        let subject = "grants \(peer.name)"
        let wide = peer.grants.rules.filter { isWide($0) }
        let open = Set(wide.map(\.grant))
        let held = GrantPreset.allCases.filter { Self.grants($0).isSubset(of: open) }
            .max { Self.grants($0).count < Self.grants($1).count }
        let own = held.map(Self.grants) ?? []
        let surplus = wide.filter { ($0.grant != .observe && !own.contains($0.grant)) || opensMoreThanHome($0) }
            .sorted { $0.grant.rawValue < $1.grant.rawValue }
        let name = held.map { "`\($0.rawValue)`" } ?? "no preset"
        guard !surplus.isEmpty else { return Finding(subject, .ok, "It holds \(name), and nothing wide beyond that.") }
        let words = surplus.map { $0.grant.rawValue + ($0.scope.isEmpty ? "" : "=" + $0.scope.joined(separator: ",")) }
        return Finding(
            subject, .warning, "It holds \(name), and without bounds: \(words.joined(separator: ", ")).",
            remedy: "kith peers grant \(peer.name) " + Self.narrowing(surplus, own)
                + "  # Or give them bounds: --allow GRANT=SCOPE --for 2h")
    }

    /// The options that leave the preset and take the rest: what the preset has is given as the preset has it.
    private static func narrowing(_ surplus: [GrantRule], _ own: Set<Grant>) -> String {
        var words: [String] = []
        for grant in surplus.map(\.grant) {
            let word = (own.contains(grant) ? "--allow " : "--revoke ") + grant.rawValue
            if !words.contains(word) { words.append(word) }
        }
        return words.joined(separator: " ")
    }

    private static func grants(_ preset: GrantPreset) -> Set<Grant> { Set(preset.grants.rules.map(\.grant)) }

    /// Whether a rule opens everything of its kind, for ever: for files, all of the home folder or more.
    private func isWide(_ rule: GrantRule) -> Bool {
        guard rule.effect == .allow, rule.bounds == nil, rule.expiresAt == nil else { return false }
        return rule.scope.isEmpty || covers(rule, homes)
    }

    /// Whether a rule for files opens what lies beside or above the home folder.
    private func opensMoreThanHome(_ rule: GrantRule) -> Bool {
        covers(rule, homes.map { ($0 as NSString).deletingLastPathComponent })
    }

    private func covers(_ rule: GrantRule, _ folders: [String]) -> Bool {
        guard rule.grant == .filesRead || rule.grant == .filesWrite else { return false }
        return rule.scope.contains { scope in
            let beginning = scope.hasSuffix("/") ? scope : scope + "/"
            return folders.contains { ($0 == "/" ? $0 : $0 + "/").hasPrefix(beginning) }
        }
    }

    /// The home folder by its name, and where that leads: folders of grants have no links.
    private var homes: [String] { [userHome, (userHome as NSString).resolvingSymlinksInPath] }
}
