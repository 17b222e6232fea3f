import FoundationEssentials
import KithAPI

extension TrustContent {
    /// The pin that a person means by `text`.
    func find(_ text: String, at now: Date) throws(KithError) -> PinnedPeer {
        let all = peers(at: now)
        if let pin = try Self.match(text, among: all, household: nil) { return pin }
        throw Self.unknown(text, among: all.map(\.name.text))
    }

    /// The peer among `all` that a person means by `text`: its name, its whole id, or a unique start of its id.
    ///
    /// - Parameter household: the node whose workers need not be called with its name before theirs.
    static func match(_ text: String, among all: [PinnedPeer], household: PeerID?) throws(KithError) -> PinnedPeer? {
        let named = all.filter { $0.name.text == text }
        if let match = named.first(where: { $0.state == .active }) ?? named.first { return match }
        if let id = PeerID(text), let match = all.first(where: { $0.id == id }) { return match }
        let workers = household.map { id in all.filter { $0.source == .voucher(of: id) } } ?? []
        if let match = workers.first(where: { $0.name.last.text == text }) { return match }
        let start = text.lowercased()
        let matches = start.utf8.count < 4 ? [] : all.filter { $0.id.text.hasPrefix(start) }
        if matches.count == 1 { return matches[0] }
        guard !matches.isEmpty else { return nil }
        let list = matches.prefix(4).map { "\($0.name) (\($0.id.short))" }.joined(separator: ", ")
        throw KithError(.peerAmbiguous, "\(text) could be \(list).", hint: "Type more of the id.")
    }

    /// That nobody is called so, with the nearest of `names`.
    static func unknown(_ text: String, among names: [String]) -> KithError {
        let printable = text.unicodeScalars.filter { $0.properties.generalCategory != .control }
        let shown = String(printable.prefix(64).map(Character.init))
        guard !shown.contains(where: { "@*?".contains($0) }) else {
            return KithError(
                .peerUnknown, "`\(shown)` is not the name of one peer.",
                hint: "Name one of `kith peers`. Several at once are for `exec` and `jobs`.")
        }
        let near = names.map { ($0, Likeness.distance($0, text)) }.min { $0.1 < $1.1 }
        if let near, near.1 <= max(1, near.0.utf8.count / 3) {
            return KithError(.peerUnknown, "No peer is called \(shown).", hint: "Did you mean \(near.0)?")
        }
        return KithError(
            .peerUnknown, "No peer is called \(shown).", hint: "See `kith peers`, or pair with `kith pair`.")
    }
}

/// How far two words are from each other.
enum Likeness {
    /// How many letters must be put in, left out or changed; case does not count. Looks at 64 letters.
    static func distance(_ one: String, _ other: String) -> Int {
        let left = Array(one.lowercased().utf8.prefix(64))
        let right = Array(other.lowercased().utf8.prefix(64))
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let change = diagonal + (letter == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
