import ArgumentParser
import KithAPI

/// `kith enable`
struct EnableCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Have the daemon start by itself, and again after a failure.",
        discussion: """
            With systemd, this is a service of yours: kith start, stop and restart go through it then, and commands \
            run on through all of them. It says what is to do for the daemon to outlive your logging out. Without systemd, \
            it is an entry that your desktop starts when you log in. Where this session is not one of a desktop either \
            (XDG_CURRENT_DESKTOP and DESKTOP_SESSION are not set), it leaves with 1 and prints the line that makes \
            cron start the daemon at each boot.

            Examples:
              kith enable --dry-run
              kith enable
            """)

    @Flag(help: "Print the file that would be written, and do nothing.")
    var dryRun = false

    @Flag(help: "Have a desktop start it when you log in, whether or not this session is one of a desktop.")
    var desktop = false

    /// For packages: the unit that goes into one.
    @Option(help: ArgumentHelp("Print the unit for programs in this folder.", visibility: .hidden))
    var programs: String?

    @OptionGroup var common: GlobalOptions

    /// What Debian 12 has; a package is for that and everything later.
    private static let oldestSystemd = 252

    func validate() throws {
        if programs != nil, !dryRun { throw ValidationError("--programs is for --dry-run.") }
    }

    func run() async throws {
        let session = try common.session()
        if let programs {
            let unit = ServiceUnit(programs: programs, environment: [:], systemd: Self.oldestSystemd)
            return try session.output.answer(unit.text)
        }
        let environment = ProcessEnvironment.variables
        let place = ServicePlace(environment)
        let folder = try DaemonProgram.find().folder
        guard !desktop, let systemd = try await Systemd.find(environment) else {
            guard desktop || Desktop.runs(environment) else { throw Self.nobody(place, environment) }
            return try await enableDesktop(place, folder, session)
        }
        var variables = place.environment
        variables["PATH"] = environment["PATH"]
        let unit = ServiceUnit(programs: folder, environment: variables, systemd: systemd.version)
        try unit.check()
        if dryRun { return try show(Draft(file: place.unitFile, text: unit.text), session) }
        // A package has brought a unit for these programs, and renews it.
        if !(place.isPackaged && folder == "/usr/bin" && place.environment.isEmpty) {
            try write(unit, to: place)
        }
        try await systemd.order(["daemon-reload"])
        if try await !systemd.state(of: place.unit).isActive {
            _ = try await DaemonControl(session: session).stop()
        }
        try await systemd.order(["enable", "--now", place.unit])
        try await show(place, session)
    }

    /// A file that would be written.
    private struct Draft: Codable {
        var file: String
        var text: String
    }

    private func show(_ draft: Draft, _ session: Session) throws { try session.output.show(draft, view: \.text) }

    /// That nothing here would start the daemon, and what does.
    private static func nobody(_ place: ServicePlace, _ environment: [String: String]) -> KithError {
        let boot = ServiceState.atBoot(place, environment).map { $0 + ". " } ?? ""
        return KithError(
            .notFound,
            "Nothing here would start the daemon: there is no systemd of yours, and this is no desktop session.",
            hint: boot + "With `--desktop`, a desktop starts it when you log in to one.")
    }

    private func write(_ unit: ServiceUnit, to place: ServicePlace) throws(KithError) {
        guard place.isUnitOurs else {
            throw KithError(
                .conflict, "\(place.unitFile) was not written by `kith enable`, and is not replaced.",
                hint: "Move it away; or keep it: `systemctl --user enable --now \(place.unit)`.")
        }
        try AgentFile(path: place.unitFile).write(Array(unit.text.utf8))
    }

    private func enableDesktop(_ place: ServicePlace, _ folder: String, _ session: Session) async throws {
        let entry = AutostartEntry(program: folder + "/kith", home: place.environment["KITH_HOME"])
        try entry.check()
        if dryRun { return try show(Draft(file: place.autostartFile, text: entry.text), session) }
        try AgentFile(path: place.autostartFile).write(Array(entry.text.utf8))
        try await show(place, session)
    }

    private func show(_ place: ServicePlace, _ session: Session) async throws {
        let state = try await ServiceState.find(place, ProcessEnvironment.variables)
        try session.output.show(state) { state in
            ([Self.sentence(state)] + state.remedies).joined(separator: "\n")
        }
    }

    /// Who starts the daemon now, and the file that says so.
    private static func sentence(_ state: ServiceState) -> String {
        let file = state.file ?? ""
        return switch state.startedBy {
        case .systemd: "The daemon starts by itself now, by \(file)."
        case .desktop: "Your desktop starts the daemon, by \(file)."
        case .cron: "Cron starts the daemon at each boot."
        case .nobody: "The entry is written."
        }
    }
}
