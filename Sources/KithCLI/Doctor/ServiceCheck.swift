import FoundationEssentials
import Glibc
import KithAPI

/// Whether the daemon starts with the machine, as `kith enable` sets it up; the unit is only looked at.
struct ServiceCheck {
    let environment: [String: String]
    /// Where systemd keeps who lingers: whose services run without a login.
    var lingering = "/var/lib/systemd/linger"

    private var unit: String {
        let configuration = environment["XDG_CONFIG_HOME"] ?? (environment["HOME"] ?? "") + "/.config"
        return configuration + "/systemd/user/kith.service"
    }

    func findings() -> [Finding] {
        guard let text = try? String(contentsOfFile: unit, encoding: .utf8) else {
            return [Finding("service", .ok, "Not set up; `kith enable` would start the daemon with the machine.")]
        }
        return [program(text), linger()].compactMap { $0 }
    }

    /// The program that the unit starts must be there.
    private func program(_ text: String) -> Finding {
        let line = text.split(separator: "\n").first { $0.hasPrefix("ExecStart=") }
        let word = line?.dropFirst("ExecStart=".count).split(separator: " ").first ?? ""
        let path = String(word.drop { "-@:+!\"".contains($0) }).replacing("\"", with: "")
        guard access(path, X_OK) == 0 else {
            return Finding(
                "service", .failed, "\(unit) starts `\(path)`, which is not there.", remedy: "kith enable")
        }
        return Finding("service", .ok, "\(unit) starts \(path).")
    }

    private func linger() -> Finding? {
        let user = environment["USER"] ?? environment["LOGNAME"] ?? ""
        guard !user.isEmpty, access(lingering, F_OK) == 0 || ForeignProgram.find("loginctl", environment) != nil else {
            return nil
        }
        guard access("\(lingering)/\(user)", F_OK) != 0 else {
            return Finding("linger", .ok, "The service of \(user) runs without a login.")
        }
        return Finding(
            "linger", .warning, "The service ends when \(user) logs out.", remedy: "loginctl enable-linger \(user)")
    }
}
