import FoundationEssentials
import Glibc
import KithAPI

/// Whether the daemon starts with the machine, as `kith enable` sets it up; the unit is only looked at.
struct ServiceCheck {
    let environment: [String: String]
    /// Where systemd keeps who lingers: whose services run without a login.
    var lingering = "/var/lib/systemd/linger"

    /// The unit of the home that is examined; the user's comes before that of a package.
    private var unit: String {
        let place = ServicePlace(environment)
        return place.isPackaged && !place.hasOwnUnit ? place.packagedFile ?? place.unitFile : place.unitFile
    }

    func findings() -> [Finding] {
        let missing = Finding("service", .ok, "Not set up; `kith enable` would start the daemon with the machine.")
        do {
            let bytes = try AgentFile(path: unit).read()
            guard !bytes.isEmpty else { return [missing] }
            return [program(String(decoding: bytes, as: UTF8.self)), linger()].compactMap { $0 }
        } catch {
            return [Finding("service", .warning, error.message, remedy: "ls -l \(unit)")]
        }
    }

    /// The program that the unit starts must be there.
    private func program(_ text: String) -> Finding {
        let line = text.split(separator: "\n").first { $0.hasPrefix("ExecStart=") }
        let path = Self.firstWord(of: line?.dropFirst("ExecStart=".count) ?? "")
        guard access(path, X_OK) == 0 else {
            return Finding(
                "service", .failed, "\(unit) starts `\(path)`, which is not there.", remedy: "kith enable")
        }
        return Finding("service", .ok, "\(unit) starts \(path).")
    }

    /// As systemd.service(5) reads it: signs that mean something, then a word, perhaps in quotes.
    private static func firstWord(of line: Substring) -> String {
        let rest = line.drop { "-@:+!".contains($0) }
        let word = rest.first == "\"" ? rest.dropFirst().prefix { $0 != "\"" } : rest.prefix { $0 != " " }
        return String(word.replacing("%%", with: "%"))
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
