import ArgumentParser

/// Teaches the scripts that complete commands the other names of the top-level ones, which they leave out.
enum CompletionAliases {
    /// The other names, each with the command that it stands for.
    static var all: [(alias: String, command: String)] {
        RootCommand.configuration.groupedSubcommands.flatMap(\.subcommands).flatMap { type in
            let configuration = type.configuration
            return configuration.aliases.map { ($0, configuration.commandName ?? "") }
        }
    }

    /// `script` with all of them.
    static func added(to script: String, for shell: CompletionShell) -> String {
        all.reduce(script) { script, pair in
            guard shell == .fish else { return added(pair, toFunctions: script) }
            let line = "    set -a commands $unparsed_tokens[1]\n"
            let renamed =
                "    test \"$unparsed_tokens[1]\" = \(pair.alias); and set unparsed_tokens[1] \(pair.command)\n"
            return script.replacing(line, with: renamed + line, maxReplacements: 1).replacing(
                "case '\(pair.command)'\n", with: "case '\(pair.command)' '\(pair.alias)'\n", maxReplacements: 1)
        }
    }

    /// bash and zsh: one more case among the commands, and a function for it.
    private static func added(_ pair: (alias: String, command: String), toFunctions script: String) -> String {
        script.replacing("|\(pair.command)|", with: "|\(pair.command)|\(pair.alias)|", maxReplacements: 1).replacing(
            "\n_kith_\(pair.command)() {",
            with: "\n_kith_\(pair.alias)() {\n    _kith_\(pair.command)\n}\n\n_kith_\(pair.command)() {",
            maxReplacements: 1)
    }
}
