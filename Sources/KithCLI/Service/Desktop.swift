import FoundationEssentials

/// A desktop that starts programs when its user logs in.
enum Desktop {
    /// What a desktop gives the programs of its session, one or both.
    private static let variables = ["XDG_CURRENT_DESKTOP", "DESKTOP_SESSION"]
    /// Where desktops lie that a login offers.
    private static let folders = ["/usr/share/xsessions", "/usr/share/wayland-sessions"]

    /// Whether this session is one of a desktop.
    static func runs(_ environment: [String: String]) -> Bool {
        variables.contains { environment[$0].map { !$0.isEmpty } ?? false }
    }

    /// Whether there is one to log in to, now or later.
    static func isHere(_ environment: [String: String]) -> Bool {
        runs(environment)
            || folders.contains { (try? FileManager.default.contentsOfDirectory(atPath: $0))?.isEmpty == false }
    }
}
