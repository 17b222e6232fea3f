import KithAPI

/// The daemon as a service of systemd that its user has enabled: then `start` and `stop` are systemd's to do.
struct EnabledService {
    private let systemd: Systemd
    private let unit: String

    /// The service of this session; nil where none is enabled. Where there is no unit, nothing is run to find out.
    static func find() async throws -> EnabledService? {
        let environment = ProcessEnvironment.variables
        let place = ServicePlace(environment)
        guard place.hasUnit, let systemd = try await Systemd.find(environment) else { return nil }
        guard try await systemd.state(of: place.unit).isEnabled else { return nil }
        return EnabledService(systemd: systemd, unit: place.unit)
    }

    /// Returns when the daemon is ready.
    func start() async throws { try await systemd.order(["start", unit]) }

    /// Returns when it has ended.
    func stop() async throws { try await systemd.order(["stop", unit]) }
}
