import KithAPI

/// Whether, and how, the daemon of a home starts by itself.
struct ServiceState: Codable, Equatable {
    /// Who starts a daemon.
    enum Starter: String, Codable {
        case systemd, desktop, nobody
    }

    /// Who starts it.
    var startedBy: Starter
    /// The unit, where systemd does.
    var unit: String?
    /// The file that says so.
    var file: String?
    /// Whether the daemon runs under its starter now.
    var isActive = false
    /// Its process, if it does.
    var pid: Int?
    /// Whether it runs while its user is not logged in; nil where nobody can say.
    var lingers: Bool?
    /// What to do for it to start by itself, always.
    var remedies: [String] = []

    /// Looks at this user's systemd and desktop.
    static func find(_ place: ServicePlace, _ environment: [String: String]) async throws -> ServiceState {
        if place.hasUnit, let systemd = try await Systemd.find(environment) {
            let unit = try await systemd.state(of: place.unit)
            if unit.isEnabled { return try await underSystemd(place, unit, systemd) }
        } else if place.hasUnit, place.isWanted {
            return ServiceState(startedBy: .systemd, unit: place.unit, file: file(of: place), remedies: [Self.silence])
        }
        if place.hasAutostart {
            return ServiceState(
                startedBy: .desktop, file: place.autostartFile,
                remedies: ["It starts when you log in to a desktop; elsewhere, run `kith start`."])
        }
        return ServiceState(startedBy: .nobody, remedies: ["Run `kith enable` to have it start by itself."])
    }

    /// What is to do where a unit is enabled and nobody can be asked about it.
    static let silence = "Your systemd does not answer here: log in as this user, not by `su` or `sudo`."

    private static func file(of place: ServicePlace) -> String? {
        place.isPackaged && !place.hasOwnUnit ? place.packagedFile : place.unitFile
    }

    private static func underSystemd(_ place: ServicePlace, _ unit: Systemd.UnitState, _ systemd: Systemd) async throws
        -> ServiceState
    {
        var state = ServiceState(
            startedBy: .systemd, unit: place.unit,
            file: file(of: place), isActive: unit.isActive,
            pid: unit.process, lingers: try await systemd.lingers())
        if !unit.isActive { state.remedies.append("Run `kith start`.") }
        if state.lingers == false {
            state.remedies.append("It ends when you log out. To let it run on: `loginctl enable-linger`.")
        }
        return state
    }

    /// The state for people.
    var view: String {
        var facts = Facts()
        facts.add("started by", startedBy.rawValue)
        facts.add("unit", unit)
        facts.add("file", file)
        if startedBy == .systemd {
            facts.add("now", isActive ? pid.map { "running (process \($0))" } ?? "running" : "not running")
            facts.add("when logged out", lingers.map { $0 ? "runs on" : "ends" })
        }
        for remedy in remedies { facts.add("to do", remedy) }
        return facts.text
    }
}
