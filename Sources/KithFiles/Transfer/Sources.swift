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

    /// The names that the entries of each source must begin with when they come down in a folder.
    static func names(_ paths: [String]) throws(KithError) -> [FileName] {
        var names: [FileName] = []
        for path in paths {
            guard let name = RequestedPath.sourceName(path) else {
                throw KithError(
                    .requestInvalid, "`\(path)` has no name of its own that it could keep.",
                    hint: "Give the destination as an exact name, without `/` at its end.")
            }
            names.append(name)
        }
        return names
    }
}
