import Glibc
import KithAPI

extension GrantRule {
    /// The rule with its folders absolute and free of links, as they are now: a link that is turned later
    /// must not turn the grant with it.
    func resolved(home: String) -> GrantRule {
        guard grant == .filesRead || grant == .filesWrite else { return self }
        var rule = self
        rule.scope = scope.map { Self.absolute($0, home) }
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
