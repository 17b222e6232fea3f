import KithAPI

extension Peer {
    /// What lets this peer use `grant` here, as whoever owns this node or, for a worker, its parent can type it.
    ///
    /// A worker may do what its parent may, and of that what it was started with.
    func remedy(for grant: Grant) -> String {
        guard let parent = name.parent else {
            return "Its owner can allow it there: `kith peers grant \(name) --allow \(grant.rawValue)`."
        }
        guard let bound, !bound.contains(grant) else {
            return "Its owner can allow it there: `kith peers grant \(parent) --allow \(grant.rawValue)`."
        }
        let words = (bound + [grant]).map { "--may \($0.rawValue)" }.joined(separator: " ")
        return "It was started without that. At \(parent): `kith session start \(name.last) \(words)`."
    }
}
