import KithAPI

/// The line of a crontab that starts a daemon at each boot: for a machine with neither systemd nor a desktop.
struct CrontabLine: Equatable {
    /// The line.
    let text: String

    /// The line for `program` (the path of `kith`), which is given these variables. Pure.
    init(program: String, environment: [String: String]) {
        let variables = environment.filter { !$0.value.contains("\n") }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\(Self.quoted($0.value))" }
        text = (["@reboot"] + variables + [Self.quoted(program), "start"]).joined(separator: " ")
    }

    /// The line for this machine's `kith`.
    ///
    /// - Throws: ``KithError`` `unavailable` where `kithd` is not found.
    static func own(_ place: ServicePlace, _ environment: [String: String]) throws(KithError) -> CrontabLine {
        var variables = place.environment
        variables["PATH"] = environment["PATH"]
        // Without it the daemon would have its socket elsewhere than where this session looks for it.
        if variables["KITH_HOME"] == nil { variables["XDG_RUNTIME_DIR"] = environment["XDG_RUNTIME_DIR"] }
        return CrontabLine(program: try DaemonProgram.find().folder + "/kith", environment: variables)
    }

    /// What a person types to have it.
    var command: String {
        let inside = text.replacing("'", with: "'\\''")
        return "(crontab -l 2>/dev/null; printf '%s\\n' '\(inside)') | crontab -"
    }

    /// The line that stands in this user's crontab for the daemon of `place`; nil where there is none.
    static func installed(for place: ServicePlace, _ environment: [String: String]) async -> String? {
        guard let crontab = ForeignProgram.find("crontab", environment),
            let (output, code) = try? await crontab.run(["-l"], quietly: true), code == 0
        else { return nil }
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
            .first { starts(place.environment["KITH_HOME"], $0) }
    }

    /// Whether `line` starts, at each boot, the daemon of `home`; of the usual one where that is nil. Pure.
    static func starts(_ home: String?, _ line: String) -> Bool {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard words.first == "@reboot", words.contains("start"),
            words.contains(where: { $0 == "kith" || $0.hasSuffix("/kith") || $0.hasSuffix("/kith'") })
        else { return false }
        guard let home else { return !line.contains("KITH_HOME=") && !words.contains("--home") }
        return line.contains("KITH_HOME=\(quoted(home)) ") || line.contains("--home \(quoted(home))")
    }

    /// A word of a shell in a line of cron, which takes a percent sign for the end of it.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"'\"\\$`;&|<>()*?[]{}#~!%".utf8.contains($0) }
        if isPlain, !word.isEmpty { return word }
        return "'" + word.replacing("'", with: "'\\''").replacing("%", with: "\\%") + "'"
    }
}
