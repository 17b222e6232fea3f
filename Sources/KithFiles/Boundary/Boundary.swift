import FoundationEssentials
import KithAPI

/// What one caller may touch: roots, and what is closed inside them. Pure but for its making.
///
/// The longest path that fits decides. At equal length a deny rule beats an allow rule, and an allow rule
/// beats what is closed by default: that is what "granted by name" means.
struct Boundary: Sendable {
    /// A folder or file that is open, and how exactly the rule named it; 0 for "the home folder, by default".
    struct Root: Sendable, Equatable {
        let path: DiskPath
        let weight: Int
    }

    let home: Home
    /// Nil for the owner, who may touch everything.
    let roots: [Root]?
    private let refusals: [Root]
    private let denials: [DiskPath]

    /// The owner's: everything.
    init(ownerAt home: Home) {
        self.home = home
        roots = nil
        refusals = []
        denials = []
    }

    /// A peer's: what the living rules of `grant` say.
    init(_ grants: GrantSet, _ grant: Grant, home: Home, protected: [DiskPath], at now: Date) {
        let live = grants.live(grant, at: now)
        self.home = home
        roots = live.filter { $0.effect == .allow }.flatMap { Self.roots(of: $0, home) }
        refusals = live.filter { $0.effect == .deny }.flatMap { Self.refusals(of: $0, home) }
        denials = Denials.all(home: home, protected: protected)
    }

    /// A scope that cannot be read opens nothing.
    private static func roots(of rule: GrantRule, _ home: Home) -> [Root] {
        guard !rule.scope.isEmpty else { return [Root(path: home.real, weight: 0)] }
        return rule.scope.compactMap { path(of: $0, home) }.map { Root(path: $0, weight: $0.bytes.count) }
    }

    /// A scope that cannot be read closes everything.
    private static func refusals(of rule: GrantRule, _ home: Home) -> [Root] {
        guard !rule.scope.isEmpty else { return [Root(path: .root, weight: 0)] }
        return rule.scope.flatMap { scope -> [Root] in
            guard let path = path(of: scope, home) else { return [Root(path: .root, weight: .max)] }
            return path.withResolved.map { Root(path: $0, weight: $0.bytes.count) }
        }
    }

    private static func path(of scope: String, _ home: Home) -> DiskPath? {
        guard let request = try? RequestedPath(scope, home: home), !request.climbs else { return nil }
        return request.path
    }

    /// Whether the caller may touch what stands at `path`, a path without links.
    func allows(_ path: DiskPath) -> Bool {
        guard let roots else { return true }
        let allowed = Self.weight(of: path, in: roots)
        guard let allowed else { return false }
        if let refused = Self.weight(of: path, in: refusals), refused >= allowed { return false }
        return !denials.contains { $0.covers(path) && $0.bytes.count > allowed }
    }

    /// Whether everything below `folder` has the verdict of `folder` itself, so that it need not be asked again.
    func isUniform(below folder: DiskPath) -> Bool {
        guard let roots else { return true }
        return !roots.contains { folder.covers($0.path) } && !refusals.contains { folder.covers($0.path) }
            && !denials.contains { folder.covers($0) }
    }

    private static func weight(of path: DiskPath, in rules: [Root]) -> Int? {
        rules.filter { $0.path.covers(path) }.map(\.weight).max()
    }

    /// The widest root that holds `path`; what is opened below it is judged by where it really is.
    func root(over path: DiskPath) -> DiskPath? {
        guard let roots else { return .root }
        return roots.map(\.path).filter { $0.covers(path) }.min { $0.bytes.count < $1.bytes.count }
    }

    /// Whether everything is allowed.
    var isOwner: Bool { roots == nil }
}
