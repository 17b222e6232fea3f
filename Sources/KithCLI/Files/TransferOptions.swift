import ArgumentParser

/// What sending and fetching have in common.
struct TransferOptions: ParsableArguments {
    @Flag(name: [.customShort("n"), .long], help: "Say only what would travel; change nothing.")
    var dryRun = false

    @Flag(name: [.customShort("r"), .long], help: ArgumentHelp("Folders travel whole anyway.", visibility: .hidden))
    var recursive = false
}
