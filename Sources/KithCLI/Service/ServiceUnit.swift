/// The unit by which systemd runs a daemon for its user. Pure.
struct ServiceUnit {
    /// The folder of `kith` and `kithd`.
    let programs: String
    /// What the daemon has to be given, by name.
    let environment: [String: String]
    /// The version of systemd; an older one knows fewer settings.
    let systemd: Int

    /// Since when a service waits longer after each failure.
    private static let stepsVersion = 254

    /// The file.
    ///
    /// Nothing here fences in more than the daemon itself needs to be free to: what is forbidden to it is forbidden to the
    /// commands that people run through it.
    var text: String {
        """
        # Written by `kith enable`; `kith disable` removes it. To change settings: systemctl --user edit
        [Unit]
        Description=Kith, one mesh of your machines
        Documentation=man:kith(1)
        StartLimitIntervalSec=600
        StartLimitBurst=10

        [Service]
        Type=notify
        NotifyAccess=main
        ExecStart=\(Self.quoted(programs + "/kithd", "$%")) run
        ExecReload=\(Self.quoted(programs + "/kith", "$%")) reload
        \(variables)Restart=on-failure
        \(delays)# 75: another daemon has this home. 78: the configuration is wrong. Another start helps neither.
        RestartPreventExitStatus=75 78
        TimeoutStartSec=30
        TimeoutStopSec=15
        # The daemon says twice a minute that it still answers.
        WatchdogSec=60
        # Commands, terminals and workers are put into scopes of their own. Should that fail, a stop or a restart leaves
        # them alone nevertheless, and a command that takes too much memory does not end the daemon.
        KillMode=process
        OOMPolicy=continue
        # No command gains rights by sudo and its like. Where it should: NoNewPrivileges=no.
        NoNewPrivileges=yes

        [Install]
        WantedBy=default.target

        """
    }

    private var variables: String {
        environment.sorted { $0.key < $1.key }.filter { !$0.value.contains("\n") }.map {
            "Environment=\(Self.quoted("\($0.key)=\($0.value)", "%"))\n"
        }.joined()
    }

    private var delays: String {
        systemd < Self.stepsVersion ? "RestartSec=5\n" : "RestartSec=1\nRestartSteps=6\nRestartMaxDelaySec=120\n"
    }

    /// In quotes, as systemd.syntax(7) reads it; `doubled` are the signs that mean something there.
    private static func quoted(_ text: String, _ doubled: String) -> String {
        let inside = text.map { sign in
            if sign == "\"" || sign == "\\" { return "\\\(sign)" }
            return doubled.contains(sign) ? "\(sign)\(sign)" : String(sign)
        }
        return "\"\(inside.joined())\""
    }
}

/// What a desktop starts when its user logs in. Pure.
struct AutostartEntry {
    /// The path of `kith`.
    let program: String
    /// The folder of the node, if it is not the usual one.
    let home: String?

    /// The file, as the Desktop Entry Specification 1.5 has it.
    var text: String {
        let words = [program] + (home.map { ["start", "--home", $0] } ?? ["start"])
        return """
            [Desktop Entry]
            Type=Application
            Name=Kith
            Comment=One mesh of your machines
            Exec=\(words.map(Self.quoted).joined(separator: " "))
            Terminal=false
            NoDisplay=true
            X-GNOME-Autostart-enabled=true

            """
    }

    /// A quoted argument, inside a value in which a backslash is escaped once more.
    private static func quoted(_ word: String) -> String {
        let inside = word.map { sign in
            switch sign {
            case "\\": "\\\\\\\\"
            case "\"", "`", "$": "\\\\\(sign)"
            case "%": "%%"
            default: String(sign)
            }
        }
        return "\"\(inside.joined())\""
    }
}
