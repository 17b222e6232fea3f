import FoundationEssentials
import Glibc
import KithAPI

/// Whether the daemon starts with the machine, as `kith enable` or a package sets it up; nothing is changed.
struct ServiceCheck {
    let environment: [String: String]
    /// Whether the node is a worker, which its parent starts.
    var isWorker = false
    /// Where systemd keeps who lingers: whose services run without a login.
    var lingering = "/var/lib/systemd/linger"

    func findings() async -> [Finding] {
        if isWorker { return [Finding("service", .ok, "Its parent starts it.")] }
        let place = ServicePlace(environment)
        let state = try? await ServiceState.find(place, environment)
        switch (state?.startedBy, state?.line) {
        case (.desktop, _):
            return [Finding("service", .ok, "\(place.autostartFile) starts the daemon when you log in to a desktop.")]
        case (.cron, let line?): return [Finding("service", .ok, "Cron starts the daemon at each boot: \(line)")]
        default: break
        }
        let missing = Finding("service", .ok, "Nothing starts the daemon with the machine; `kith enable` sees to it.")
        // A unit of the user's own is for somebody who cannot be asked now; a package's says nothing alone.
        guard let file = state?.unit.flatMap({ _ in state?.file }) ?? (place.hasOwnUnit ? place.unitFile : nil) else {
            return [missing]
        }
        do {
            let bytes = try AgentFile(path: file).read()
            guard !bytes.isEmpty else { return [missing] }
            return [program(of: file, String(decoding: bytes, as: UTF8.self)), linger(state?.lingers)].compactMap { $0 }
        } catch {
            return [Finding("service", .warning, error.message, remedy: "ls -l \(file)")]
        }
    }

    /// The program that the unit starts must be there.
    private func program(of unit: String, _ text: String) -> Finding {
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
