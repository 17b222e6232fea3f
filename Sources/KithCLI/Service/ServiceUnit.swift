import KithAPI

/// The unit by which systemd runs a daemon for its user. Pure.
struct ServiceUnit {
    /// How every unit of ours begins; one that begins otherwise is its user's own.
    static let mark = "# Written by `kith enable`"

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
        \(Self.mark); `kith disable` removes it. To change settings: systemctl --user edit
        [Unit]
        Description=Kith, one mesh of your machines
        Documentation=man:kith(1)
        StartLimitIntervalSec=600
        StartLimitBurst=10

        [Service]
        Type=notify
        NotifyAccess=main
        ExecStart=\(Self.quoted(programs + "/kithd")) run
        ExecReload=\(Self.quoted(programs + "/kith")) reload
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

    /// Refuses what no unit can say.
    ///
    /// - Throws: ``KithError`` `config.invalid`.
    func check() throws(KithError) {
        for (key, value) in environment.sorted(by: { $0.key < $1.key }) { try value.checkIsPlain(as: key) }
        try programs.checkIsPlain(as: "The path of kithd")
        guard !programs.unicodeScalars.contains(where: { "\"'\\".unicodeScalars.contains($0) }) else {
            throw KithError(
                .configInvalid, "systemd starts no program whose path has quotes or backslashes: \(programs)/kithd.",
                hint: "Install Kith in another folder.")
        }
    }

    private var variables: String {
        environment.sorted { $0.key < $1.key }.map { "Environment=\(Self.quoted("\($0.key)=\($0.value)"))\n" }.joined()
    }

    private var delays: String {
        systemd < Self.stepsVersion ? "RestartSec=5\n" : "RestartSec=1\nRestartSteps=6\nRestartMaxDelaySec=120\n"
    }

    /// In quotes, as systemd.syntax(7) reads it. A dollar means nothing in the path of a program, nor in a variable.
    private static func quoted(_ text: String) -> String {
        let inside = text.unicodeScalars.map { sign in
            switch sign {
            case "\"", "\\": "\\\(sign)"
            case "%": "%%"
            default: String(sign)
            }
        }
        return "\"\(inside.joined())\""
    }
}

extension String {
    /// A sign that ends a line, or does worse, has no place in a file of lines.
    ///
    /// - Throws: ``KithError`` `config.invalid`.
    fileprivate func checkIsPlain(as what: String) throws(KithError) {
        guard unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return }
        throw KithError(
            .configInvalid, "\(what) has a line end or another control character: \(self).",
            hint: "A daemon of such a folder can only be started by hand: `kith start`.")
    }
}

/// What a desktop starts when its user logs in. Pure.
struct AutostartEntry {
    /// The path of `kith`.
    let program: String
    /// The folder of the node, if it is not the usual one.
    let home: String?

    /// Refuses what no entry can say.
    ///
    /// - Throws: ``KithError`` `config.invalid`.
    func check() throws(KithError) {
        try program.checkIsPlain(as: "The path of kith")
        try home?.checkIsPlain(as: "KITH_HOME")
    }

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
        let inside = word.unicodeScalars.map { sign in
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
