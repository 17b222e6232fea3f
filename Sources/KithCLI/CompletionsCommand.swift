import ArgumentParser

/// `kith completions`
struct CompletionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print what a shell needs to complete kith's commands and your peers' names.",
        discussion: """
            Examples:
              kith completions bash > ~/.local/share/bash-completion/completions/kith
              kith completions zsh > ~/.zfunc/_kith
              kith completions fish > ~/.config/fish/completions/kith.fish
            """)

    /// The shells that are known.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        fileprivate var known: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "Which shell.")
    var shell: Shell

    func run() async throws {
        try Output(format: .people).answer(
            CompletionAliases.added(to: RootCommand.completionScript(for: shell.known), for: shell.known))
    }
}
