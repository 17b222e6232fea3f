/// Where the options of `kith exec` and `kith shell` stop: at the first word of the command. Pure.
enum ExecWords {
    /// `arguments` with a `--` before the command, so that nothing of the command is taken for an option.
    static func terminated(_ arguments: [String]) -> [String] {
        guard let verb = arguments.first, ["exec", "shell"].contains(verb) else { return arguments }
        if verb == "shell", arguments.dropFirst().first.map(shellCommands.contains) == true { return arguments }
        var hasPeer = false
        var index = 1
        while index < arguments.count, arguments[index] != "--" {
            let word = arguments[index]
            if word.hasPrefix("-"), word != "-" {
                index += takesValue(word) ? 2 : 1
            } else if hasPeer {
                return Array(arguments[..<index]) + ["--"] + arguments[index...]
            } else {
                hasPeer = true
                index += 1
            }
        }
        return arguments
    }

    /// The peer and the command of words that were ``terminated(_:)`` and have no option at all: what most runs are,
    /// and what needs no parser of options, which costs as much as the rest of the program.
    static func plain(_ arguments: [String]) -> (peer: String, command: [String])? {
        guard arguments.count > 3, arguments[0] == "exec", arguments[2] == "--", !arguments[1].hasPrefix("-") else {
            return nil
        }
        return (arguments[1], Array(arguments[3...]))
    }

    /// Whether `--json` stands among the words of kith's own, whatever else is wrong with them.
    static func wantsJSON(_ arguments: [String]) -> Bool { arguments.prefix { $0 != "--" }.contains("--json") }

    /// The options of ``ExecCommand`` and ``ShellOpenCommand`` that have a value as a word of its own.
    static let optionsWithValue: Set<String> = [
        "--timeout", "--cwd", "--env", "--shell", "--home", "--name", "--escape", "--task", "--token",
    ]

    /// The words that follow `kith shell` and are no peer.
    static let shellCommands: Set<String> = ["open", "list", "attach", "kill", "help"]

    private static func takesValue(_ word: String) -> Bool { optionsWithValue.contains(word) }
}
