import KithAPI

/// An id as people type it: as a whole, or so much of its beginning that only one begins so.
struct Beginning {
    /// Something that may be meant.
    struct Candidate: Equatable {
        let id: String
        /// By what people know it.
        let about: String
    }

    /// Candidates that are told apart where several begin alike.
    private static let told = 8

    let text: String
    /// What it is an id of: `message`.
    let noun: String
    /// How to see what there is, in a sentence.
    let list: String

    /// The one of the candidates that is meant.
    ///
    /// - Throws: ``KithError`` `not_found`, which says how to see what there is, or `conflict`, which lists those that
    ///   may be meant.
    func only(of candidates: [Candidate]) throws(KithError) -> String {
        let fitting = candidates.filter { $0.id.hasPrefix(text) }
        guard let first = fitting.first, !text.isEmpty else {
            throw KithError(.notFound, "There is no \(noun) whose id begins with `\(text)`.", hint: list)
        }
        guard fitting.count == 1 || fitting.allSatisfy({ $0.id == first.id }) else { throw ambiguous(fitting) }
        return first.id
    }

    /// How many letters of each of these ids tell it from the others.
    static func length(of ids: [String], atLeast least: Int) -> Int {
        let sorted = ids.sorted()
        let shared = zip(sorted, sorted.dropFirst()).map { $0 == $1 ? 0 : zip($0, $1).prefix { $0 == $1 }.count }
        return max(least, (shared.max() ?? 0) + 1)
    }

    private func ambiguous(_ fitting: [Candidate]) -> KithError {
        let shown = fitting.prefix(Self.told)
        var lines = shown.map { $0.about.isEmpty ? $0.id : "\($0.id)  \(Columns.fit($0.about, into: 60))" }
        if fitting.count > shown.count { lines.append("… and others.") }
        return KithError(
            .conflict, "Several \(noun)s begin with `\(text)`. Give more of the id:",
            hint: lines.joined(separator: "\n"),
            details: ["candidates": shown.map(\.id).joined(separator: " ")])
    }
}
