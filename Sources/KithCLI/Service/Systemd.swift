import Glibc
import KithAPI

/// The user's own systemd, as `systemctl --user` speaks for it.
struct Systemd {
    /// How a unit is.
    struct UnitState: Equatable {
        var isEnabled = false
        var isActive = false
        /// The daemon's process, while it runs.
        var process: Int?
    }

    /// Its version.
    let version: Int
    private let control: ForeignProgram
    private let environment: [String: String]

    /// The systemd of this user; nil where there is none, or none that answers.
    static func find(_ environment: [String: String]) async throws -> Systemd? {
        guard let control = ForeignProgram.find("systemctl", environment) else { return nil }
        let words = ["--user", "show", "--property=Version", "--value"]
        guard let (output, code) = try? await control.run(words, quietly: true), code == 0 else { return nil }
        let digits = String(decoding: output, as: UTF8.self).prefix { $0.isNumber }
        guard let version = Int(digits) else { return nil }
        return Systemd(version: version, control: control, environment: environment)
    }

    /// Gives an order: `start`, `stop`, `enable --now`, `daemon-reload`.
    ///
    /// - Throws: ``KithError`` `unavailable`.
    func order(_ words: [String]) async throws {
        let (_, code) = try await control.run(["--user"] + words, quietly: true)
        guard code == 0 else {
            throw KithError(
                .unavailable, "`systemctl --user \(words.joined(separator: " "))` ended with code \(code).",
                hint: "See `systemctl --user status \(words.last ?? "kith.service")` and `kith logs --daemon`.")
        }
    }

    /// How `unit` is; as one that is neither enabled nor active, if it is unknown.
    func state(of unit: String) async throws -> UnitState {
        let words = ["--user", "show", unit, "--property=UnitFileState,ActiveState,MainPID"]
        let (output, _) = try await control.run(words, quietly: true)
        var facts: [Substring: Substring] = [:]
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { facts[parts[0]] = parts[1] }
        }
        let process = facts["MainPID"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        return UnitState(
            isEnabled: ["enabled", "enabled-runtime"].contains(facts["UnitFileState"] ?? ""),
            isActive: facts["ActiveState"] == "active", process: process)
    }

    /// Whether the services of this user run without the user being logged in; nil where nobody can say.
    func lingers() async throws -> Bool? {
        guard let login = ForeignProgram.find("loginctl", environment), let entry = getpwuid(geteuid()) else {
            return nil
        }
        let words = ["show-user", String(cString: entry.pointee.pw_name), "--property=Linger", "--value"]
        let (output, code) = try await login.run(words, quietly: true)
        let answer = String(decoding: output, as: UTF8.self).prefix { $0.isLetter }
        return code == 0 && !answer.isEmpty ? answer == "yes" : nil
    }
}
