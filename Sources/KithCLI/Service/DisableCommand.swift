import ArgumentParser
import Glibc
import KithAPI

/// `kith disable`
struct DisableCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Have the daemon start by itself no more.",
        discussion: "Undoes kith enable. A daemon that systemd runs stops; commands run on, and kith start finds them.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let environment = ProcessEnvironment.variables
        let place = ServicePlace(environment)
        let wasEnabled = place.hasAutostart
        try remove(place.autostartFile)
        let wasService = try await disableUnit(of: place, environment)
        let state = try await ServiceState.find(place, environment)
        try session.output.show(state) { state in
            if let line = state.line {
                return "Your crontab still starts it. Remove this line with `crontab -e`:\n\(line.escaped)"
            }
            return wasEnabled || wasService
                ? "The daemon starts by itself no more; `kith start` starts it." : "It did not start by itself."
        }
    }

    /// Answers whether systemd started it. A unit that its user wrote stays where it is.
    private func disableUnit(of place: ServicePlace, _ environment: [String: String]) async throws -> Bool {
        guard place.hasUnit else { return false }
        guard let systemd = try await Systemd.find(environment) else {
            guard place.isWanted else { return false }
            throw KithError(
                .unavailable, "\(place.unit) is enabled, and nobody can be told.", hint: ServiceState.silence)
        }
        let isEnabled = try await systemd.state(of: place.unit).isEnabled
        if isEnabled { try await systemd.order(["disable", "--now", place.unit]) }
        if place.hasOwnUnit, place.isUnitOurs {
            try remove(place.unitFile)
            try await systemd.order(["daemon-reload"])
        }
        return isEnabled
    }

    private func remove(_ path: String) throws(KithError) {
        guard unlink(path) != 0, errno != ENOENT, errno != ENOTDIR else { return }
        throw KithError(
            .fileIO, "\(path) cannot be removed: \(String(cString: strerror(errno))).",
            hint: "Remove it by hand: the daemon starts by it.")
    }
}

/// `kith service-status`
struct ServiceStatusCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "service-status", abstract: "Say whether the daemon starts by itself, and what that lacks.",
        discussion: "Leaves with 1 if nobody starts it.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let environment = ProcessEnvironment.variables
        let state = try await ServiceState.find(ServicePlace(environment), environment)
        try session.output.show(state, view: \.view)
        if state.startedBy == .nobody { throw ExitCode(1) }
    }
}
