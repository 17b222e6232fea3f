import KithAPI

/// Whether, and how, the daemon of a home starts by itself.
struct ServiceState: Codable, Equatable {
    /// Who starts a daemon.
    enum Starter: String, Codable {
        case systemd, desktop, cron, nobody
    }

    /// Who starts it.
    var startedBy: Starter
    /// The unit, where systemd does.
    var unit: String?
    /// The file that says so.
    var file: String?
    /// The line of the user's crontab, where cron does.
    var line: String?
    /// Whether the daemon runs under its starter now.
    var isActive = false
    /// Its process, if it does.
    var pid: Int?
    /// Whether it runs while its user is not logged in; nil where nobody can say.
    var lingers: Bool?
    /// What to do for it to start by itself, always.
    var remedies: [String] = []

    /// Looks at this user's systemd, crontab and desktop.
    static func find(_ place: ServicePlace, _ environment: [String: String]) async throws -> ServiceState {
        let systemd = try await Systemd.find(environment)
        if place.hasUnit, let systemd {
            let unit = try await systemd.state(of: place.unit)
            if unit.isEnabled { return try await underSystemd(place, unit, systemd) }
        } else if place.hasUnit, place.isWanted {
            return ServiceState(startedBy: .systemd, unit: place.unit, file: file(of: place), remedies: [Self.silence])
        }
        if let line = await CrontabLine.installed(for: place, environment) {
            return ServiceState(startedBy: .cron, line: line)
        }
        if place.hasAutostart { return underDesktop(place, environment) }
        let remedy = systemd != nil || Desktop.runs(environment) ? nil : atBoot(place, environment)
        return ServiceState(
            startedBy: .nobody, remedies: [remedy ?? "Run `kith enable` to have it start by itself."])
    }

    /// What makes cron start the daemon, as a sentence; nil where the daemon's program is not found.
    static func atBoot(_ place: ServicePlace, _ environment: [String: String]) -> String? {
        guard let line = try? CrontabLine.own(place, environment) else { return nil }
        let isThere = ForeignProgram.find("crontab", environment) != nil
        return
            (isThere
            ? "Have cron start it at each boot; paste: " : "Install cron to start it at each boot; then paste: ")
            + "`\(line.command)`"
    }

    /// An entry for a desktop says nothing where there is none.
    private static func underDesktop(_ place: ServicePlace, _ environment: [String: String]) -> ServiceState {
        guard Desktop.isHere(environment) else {
            let remedies = ["\(place.autostartFile) waits for a desktop, and there is none here."]
            return ServiceState(
                startedBy: .nobody, file: place.autostartFile,
                remedies: remedies + [atBoot(place, environment)].compactMap { $0 })
        }
        return ServiceState(
            startedBy: .desktop, file: place.autostartFile,
            remedies: ["It starts when you log in to a desktop; elsewhere, run `kith start`."])
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
        facts.add("line", line)
        if startedBy == .systemd {
            facts.add("now", isActive ? pid.map { "running (process \($0))" } ?? "running" : "not running")
            facts.add("when logged out", lingers.map { $0 ? "runs on" : "ends" })
        }
        for remedy in remedies { facts.add("to do", remedy) }
        return facts.text
    }
}
