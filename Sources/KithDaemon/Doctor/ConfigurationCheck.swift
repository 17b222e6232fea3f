import Foundation
import KithAPI

/// Whether the configuration can be read, and whether the next start would do what the daemon does now.
struct ConfigurationCheck: Sendable {
    let home: Home

    /// Of the file alone.
    func finding() -> Finding {
        do {
            _ = try home.readConfiguration()
            guard isMissing else { return Finding("configuration", .ok, path) }
            return Finding("configuration", .ok, "There is no \(path); the defaults hold.")
        } catch {
            let failure = KithError(wrapping: error)
            let line = failure.details?["line"] ?? "1"
            return Finding(
                "configuration", .failed, failure.message,
                remedy: "${EDITOR:-vi} +\(line) \(path.quoted)  # \(failure.hint ?? "Mend that line.")")
        }
    }

    /// Of the peer door of a daemon that runs as `status` says; `reachable` is where others find it.
    func door(_ status: NodeStatus, reachable: [Address]) -> Finding {
        guard let address = status.listening.first else {
            return Finding("peer door", .failed, "It is closed.", remedy: "kith logs --daemon")
        }
        let places = reachable.map(\.description).joined(separator: ", ")
        let fine = Finding("peer door", .ok, "Listening at \(address); others reach it at \(places).")
        guard let wanted = try? home.readConfiguration() else { return fine }
        if isMissing { return Self.isSame(wanted, address) ? fine : lost(wanted, status, address) }
        guard ![0, address.port].contains(wanted.listenPort) else { return fine }
        return Finding(
            "peer door", .warning, "Listening at \(address), while the configuration says port \(wanted.listenPort).",
            remedy: "kith restart")
    }

    /// The file; for a worker that of its parent.
    private var path: String { home.descent?.configuration ?? home.folders.configuration }

    private var isMissing: Bool { home.descent == nil && !FileManager.default.fileExists(atPath: path) }

    private static func isSame(_ wanted: Configuration, _ address: Address) -> Bool {
        wanted.listenHost == address.host && [0, address.port].contains(wanted.listenPort)
    }

    /// The file is gone: a restart would open another door than this one, so the remedy writes what holds now.
    private func lost(_ wanted: Configuration, _ status: NodeStatus, _ address: Address) -> Finding {
        let folder = (path as NSString).deletingLastPathComponent
        let isSilent = status.discovery == "switched off"
        let text =
            #"name: \#(status.name)\nlisten:\n  host: "\#(address.host)"\n  port: \#(address.port)\n"#
            + (isSilent ? #"discovery: false\n"# : "")
        return Finding(
            "peer door", .warning,
            "Listening at \(address), and no configuration says so: the next start listens at "
                + "\(wanted.listenHost), port \(wanted.listenPort).",
            remedy: "mkdir -p \(folder.quoted) && printf '\(text)' > \(path.quoted)  # Writes down what holds now.")
    }
}
