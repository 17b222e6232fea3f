import FoundationEssentials
import Glibc
import KithAPI

/// Whether the daemon starts with the machine, as `kith enable` or a package sets it up; nothing is changed.
struct ServiceCheck {
    let environment: [String: String]
    /// Where systemd keeps who lingers: whose services run without a login.
    var lingering = "/var/lib/systemd/linger"

    func findings() async -> [Finding] {
        let place = ServicePlace(environment)
        let state = try? await ServiceState.find(place, environment)
        if state?.startedBy == .desktop {
            return [Finding("service", .ok, "\(place.autostartFile) starts the daemon when you log in to a desktop.")]
        }
        // A unit of the user's own is for somebody who cannot be asked now; a package's says nothing alone.
        guard let file = state?.file ?? (place.hasOwnUnit ? place.unitFile : nil),
            let text = try? String(contentsOfFile: file, encoding: .utf8)
        else {
            return [Finding("service", .ok, "Not set up; `kith enable` would start the daemon with the machine.")]
        }
        return [program(of: file, text), linger(state?.lingers)].compactMap { $0 }
    }

    /// The program that the unit starts must be there.
    private func program(of unit: String, _ text: String) -> Finding {
        let line = text.split(separator: "\n").first { $0.hasPrefix("ExecStart=") }
        let word = line?.dropFirst("ExecStart=".count).split(separator: " ").first ?? ""
        let path = String(word.drop { "-@:+!\"".contains($0) }).replacing("\"", with: "")
        guard access(path, X_OK) == 0 else {
            return Finding(
                "service", .failed, "\(unit) starts `\(path)`, which is not there.", remedy: "kith enable")
        }
        return Finding("service", .ok, "\(unit) starts \(path).")
    }

    private func linger(_ known: Bool?) -> Finding? {
        let user = environment["USER"] ?? environment["LOGNAME"] ?? ""
        guard let lingers = known ?? marked(user) else { return nil }
        guard !lingers else { return Finding("linger", .ok, "The service of \(user) runs without a login.") }
        return Finding(
            "linger", .warning, "The service ends when \(user) logs out.", remedy: "loginctl enable-linger \(user)")
    }

    /// What the folder says; nil where there is no systemd to mark it.
    private func marked(_ user: String) -> Bool? {
        guard !user.isEmpty, access(lingering, F_OK) == 0 || ForeignProgram.find("loginctl", environment) != nil else {
            return nil
        }
        return access("\(lingering)/\(user)", F_OK) == 0
    }
}
