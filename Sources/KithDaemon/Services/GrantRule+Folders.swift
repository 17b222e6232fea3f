import Glibc
import KithAPI

extension GrantRule {
    /// The rule with its folders absolute and free of links, as they are now: a link that is turned later
    /// must not turn the grant with it.
    func resolved(home: String) -> GrantRule {
        var rule = self
        if grant == .filesRead || grant == .filesWrite { rule.scope = scope.map { Self.absolute($0, home) } }
        rule.bounds?.folders = bounds?.folders?.map { Self.absolute($0, home) }
        return rule
    }

    private static func absolute(_ folder: String, _ home: String) -> String {
        var path = folder
        if path == "~" || path.hasPrefix("~/") { path = home + path.dropFirst() }
        if !path.hasPrefix("/") { path = home + "/" + path }
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
