import Glibc
import KithAPI

/// Where the files are that start the daemon of one home by itself.
struct ServicePlace: Equatable {
    /// The unit's name: `kith.service`; the unit of another home has a name of its own.
    let unit: String
    /// Where its user's file is.
    let unitFile: String
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
        let configuration = environment["XDG_CONFIG_HOME"] ?? (environment["HOME"] ?? "") + "/.config"
        let home = environment["KITH_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        let stem = home.map { "kith-" + Self.mark(of: $0) } ?? "kith"
        unit = stem + ".service"
        unitFile = configuration + "/systemd/user/" + unit
        packagedFile = home == nil ? "/usr/lib/systemd/user/kith.service" : nil
        autostartFile = configuration + "/autostart/" + stem + ".desktop"
        self.environment = environment.filter { Self.variables.contains($0.key) && !$0.value.isEmpty }
    }

    /// Whether there is a unit at all.
    var hasUnit: Bool { hasOwnUnit || isPackaged }

    /// Whether the user has a unit, which comes before that of a package.
    var hasOwnUnit: Bool { access(unitFile, F_OK) == 0 }

    /// Whether a package has brought the unit.
    var isPackaged: Bool { packagedFile.map { access($0, F_OK) == 0 } ?? false }

    /// Whether a desktop starts the daemon.
    var hasAutostart: Bool { access(autostartFile, F_OK) == 0 }

    /// FNV-1a: only to tell two homes of one user apart.
    private static func mark(of path: String) -> String {
        String(path.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 36)
    }
}
