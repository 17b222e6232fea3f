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
        var wasEnabled = place.hasAutostart
        if place.hasUnit, let systemd = try await Systemd.find(environment) {
            let isEnabled = try await systemd.state(of: place.unit).isEnabled
            wasEnabled = wasEnabled || isEnabled
            if isEnabled { try await systemd.order(["disable", "--now", place.unit]) }
            if unlink(place.unitFile) == 0 { try await systemd.order(["daemon-reload"]) }
        }
        unlink(place.autostartFile)
        let state = try await ServiceState.find(place, environment)
        try session.output.show(state) { state in
            if let line = state.line {
                return "Your crontab still starts it. Remove this line with `crontab -e`:\n\(line.escaped)"
            }
            return wasEnabled
                ? "The daemon starts by itself no more; `kith start` starts it." : "It did not start by itself."
        }
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
