import Glibc
import KithAPI

/// Where the files are that start the daemon of one home by itself.
struct ServicePlace: Equatable {
    /// The unit's name: `kith.service`; the unit of another home has a name of its own.
    let unit: String
    /// Where its user's file is.
    let unitFile: String
    /// The link that has systemd start it at login.
    private let wish: String
    /// Where the file is that a package brings; nil for another home than the usual.
    let packagedFile: String?
    /// Where the entry for a desktop is.
    let autostartFile: String
    /// What the daemon has to be given to find its home.
    let environment: [String: String]

    /// What tells where a home is.
    private static let variables = ["KITH_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"]

    /// The place for the home that `environment` means.
    init(_ environment: [String: String]) {
        func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let configuration = given("XDG_CONFIG_HOME") ?? (given("HOME") ?? "") + "/.config"
        let home = given("KITH_HOME").map { $0.trimmingEnd("/") }
        let stem = home.map { "kith-" + Self.mark(of: $0) } ?? "kith"
        unit = stem + ".service"
        unitFile = configuration + "/systemd/user/" + unit
        wish = configuration + "/systemd/user/default.target.wants/" + unit
        packagedFile = home == nil ? "/usr/lib/systemd/user/kith.service" : nil
        autostartFile = configuration + "/autostart/" + stem + ".desktop"
        self.environment = environment.filter { Self.variables.contains($0.key) && !$0.value.isEmpty }
    }

    /// Whether there is a unit at all.
    var hasUnit: Bool { hasOwnUnit || isPackaged }

    /// Whether the user has a unit, which comes before that of a package.
    var hasOwnUnit: Bool { access(unitFile, F_OK) == 0 }

    /// Whether the unit is started at login, as its link says; where there is no systemd to ask.
    var isWanted: Bool {
        var facts = stat()
        return lstat(wish, &facts) == 0
    }

    /// Whether a package has brought the unit.
    var isPackaged: Bool { packagedFile.map { access($0, F_OK) == 0 } ?? false }

    /// Whether a desktop starts the daemon.
    var hasAutostart: Bool { access(autostartFile, F_OK) == 0 }

    /// Whether the user's unit, if there is one, was written by `kith enable`.
    var isUnitOurs: Bool {
        guard hasOwnUnit else { return true }
        guard let bytes = try? AgentFile(path: unitFile).read() else { return false }
        return bytes.starts(with: ServiceUnit.mark.utf8)
    }

    /// FNV-1a: only to tell two homes of one user apart.
    private static func mark(of path: String) -> String {
        String(path.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 36)
    }
}

extension String {
    /// Without any `sign` at its end, but for the first sign of all.
    fileprivate func trimmingEnd(_ sign: Character) -> String {
        var text = self[...]
        while text.count > 1, text.last == sign { text.removeLast() }
        return String(text)
    }
}
