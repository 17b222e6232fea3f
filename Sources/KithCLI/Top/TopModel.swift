import FoundationEssentials
import KithAPI

/// All that ``TopScreen`` draws from.
struct TopModel: Sendable {
    /// The newest that is known of the node.
    var overview: NodeOverview
    /// When `overview` came.
    var at: Date
    /// Since when the daemon does not answer, and what the last attempt said; nil while it does.
    var lost: Lost?
    var now: Date
    var size: TerminalSize
    /// Whether the last line says which keys do what.
    var showsKeys = false

    struct Lost: Sendable, Equatable {
        var since: Date
        var reason: String
    }

    /// Seconds from `date` to now; never negative.
    func age(of date: Date) -> Int { max(0, Int(now.timeIntervalSince(date))) }

    /// Seconds since the daemon started.
    var uptime: Int { overview.node.uptime + age(of: at) }
}
