import KithAPI

/// What a transfer takes along, as it was asked for.
enum Sources {
    /// How many paths one transfer may name.
    static let maximumCount = 1_000

    /// Refuses none and too many.
    static func check(_ paths: [String]) throws(KithError) {
        guard (1...maximumCount).contains(paths.count) else {
            throw KithError(.requestInvalid, "A transfer takes 1 to \(maximumCount) paths, not \(paths.count).")
        }
    }

    /// Whether more than one entry may come down.
    static func areSeveral(_ paths: [String]) -> Bool { paths.count > 1 || paths.contains(where: GlobPattern.isMagic) }

    /// The names that the entries of each source may begin with when they come down in a folder.
    static func expected(_ paths: [String]) throws(KithError) -> [ExpectedName] {
        var names: [ExpectedName] = []
        for path in paths {
            guard let name = RequestedPath.sourceName(path) else {
                throw KithError(
                    .requestInvalid, "`\(path)` has no name of its own that it could keep.",
                    hint: "Give the destination as an exact name, without `/` at its end.")
            }
            names.append(ExpectedName(name: name, pattern: GlobPattern(name.bytes)))
        }
        return names
    }
}

/// What the other side may call an entry that was asked for.
struct ExpectedName: Equatable, Sendable {
    let name: FileName
    let pattern: GlobPattern

    func fits(_ other: FileName?) -> Bool {
        guard let other else { return false }
        return other == name || pattern.isMagic && pattern.matches(other.bytes)
    }
}
