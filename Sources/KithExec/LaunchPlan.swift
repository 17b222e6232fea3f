import Glibc
import KithAPI
import KithKeeper

/// Turns an order into what the keeper starts: policy, program, folder, environment.
/// Reads the disk: never on the cooperative pool.
struct LaunchPlan: Sendable {
    let environment: ExecEnvironment
    let limits: ExecLimits

    /// The launch of `order`.
    ///
    /// - Parameter rules: The live `exec` rules of the peer that asks; nil for the owner.
    /// - Throws: ``KithError`` `denied` before anything is said about what is there; `exec.not_found`,
    ///   `exec.failed`, `request.too_large`.
    func launch(_ order: CommandOrder, rules: [GrantRule]?, input: Launch.Input) throws(KithError) -> Launch {
        let policy = rules.map { ProgramPolicy($0, path: environment.path) }
        if let policy { try check(order, policy) }
        let folder = absolute(order.folder)
        let program = find(order, in: folder)
        let decision = policy?.decide(order.words[0], program) ?? .allowed
        guard decision != .denied else {
            throw KithError(.denied, "This command may not be run from here.", hint: "Ask the owner to grant it.")
        }
        try check(folder, named: order.folder)
        var (path, words) = (try executable(program, named: order.words[0]), order.words)
        if case .allowedAs(let itsPath, let itsName) = decision { (path, words[0]) = (itsPath, itsName) }
        return Launch(
            program: path, arguments: words, environment: variables(order, in: folder), folder: folder, input: input,
            timeout: order.timeout)
    }

    /// What of a peer's order needs no look at the disk.
    private func check(_ order: CommandOrder, _ policy: ProgramPolicy) throws(KithError) {
        guard order.size <= limits.commandBytes else {
            throw KithError(
                .requestTooLarge, "The command and its variables take \(order.size) bytes.",
                hint: "At most \(limits.commandBytes) are taken; send a file instead.")
        }
        try VariablePolicy.check(order.variables.keys.sorted(), isLimited: policy.isLimited)
    }

    // MARK: Folder

    private func absolute(_ folder: String?) -> String {
        guard let folder, !folder.isEmpty, folder != "~" else { return environment.home }
        if folder.hasPrefix("/") { return folder }
        return environment.home + "/" + (folder.hasPrefix("~/") ? String(folder.dropFirst(2)) : folder)
    }

    private func check(_ folder: String, named name: String?) throws(KithError) {
        let name = name ?? "~"
        var status = stat()
        guard stat(folder, &status) == 0 else {
            throw KithError(
                .execFailed, "There is no folder `\(name)` to run in.",
                hint: "Name one that exists; it is relative to the home folder.")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw KithError(.execFailed, "`\(name)` is not a folder.", hint: "Name a folder to run in.")
        }
        guard access(folder, X_OK) == 0 else {
            throw KithError(
                .execFailed, "The folder `\(name)` may not be entered.", hint: "Check its mode with `ls -ld`.")
        }
    }

    // MARK: Program

    private func find(_ order: CommandOrder, in folder: String) -> ProgramFinder.Program? {
        let path = order.variables["PATH"].map { $0.split(separator: ":").map(String.init) }
        return ProgramFinder(path: path ?? environment.path).find(order.words[0], in: folder)
    }

    private func executable(_ program: ProgramFinder.Program?, named name: String) throws(KithError) -> String {
        guard let program else {
            throw KithError(.execNotFound, "There is no program `\(name)`.", hint: "Check its name and PATH.")
        }
        guard program.isExecutable else {
            throw KithError(
                .execFailed, "`\(name)` is there, but it cannot be executed.",
                hint: "Make it executable with `chmod +x`.")
        }
        return program.path
    }

    private func variables(_ order: CommandOrder, in folder: String) -> [String: String] {
        var variables = environment.variables
        variables["PWD"] = folder
        return variables.merging(order.variables) { $1 }
    }
}
