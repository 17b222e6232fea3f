import Glibc
import KithAPI
import KithKeeper

/// Turns an order into a command that may be started: policy, program, folder, environment, bounds.
/// Reads the disk: never on the cooperative pool.
struct LaunchPlan: Sendable {
    let environment: ExecEnvironment
    let limits: ExecLimits

    /// What `order` comes to.
    ///
    /// - Parameter rules: The live rules of the peer that asks, of the grant it asks by; nil for the owner.
    /// - Throws: ``KithError`` `denied` before anything is said about what is there; `exec.not_found`,
    ///   `exec.failed`, `request.too_large`.
    func command(_ order: CommandOrder, rules: [GrantRule]?) throws(KithError) -> PlannedCommand {
        guard let rules else { return try ownersCommand(order) }
        try checkSize(order)
        let policy = ProgramPolicy(rules, path: environment.path)
        try VariablePolicy.check(order.variables, for: policy)
        let judged = judge(order, policy)
        guard judged.decision.effect != .deny else { throw .commandDenied }
        return try bounded(order, judged)
    }

    /// What policy says, and nothing else: for the decision and for explaining it alike.
    func judge(_ order: CommandOrder, rules: [GrantRule]) -> Judged {
        judge(order, ProgramPolicy(rules, path: environment.path))
    }

    /// A decision and what it was about.
    struct Judged {
        var decision: ProgramPolicy.Decision
        var program: ProgramFinder.Program?
        var folder: String
    }

    // MARK: Decision

    private func judge(_ order: CommandOrder, _ policy: ProgramPolicy) -> Judged {
        let first = absolute(order.folder)
        var judged = Judged(decision: .denied, program: find(order, in: first), folder: first)
        let resolved = policy.looksAtPrograms ? judged.program.flatMap(ProgramFinder.resolve) : nil
        judged.decision = policy.decide(order.words, resolved)
        guard judged.decision.effect != .deny, let bounds = judged.decision.rule?.bounds else { return judged }
        return within(bounds, order, judged)
    }

    /// The folder a bound names stands for the home folder where none was asked for; any other has to be below one.
    private func within(_ bounds: ExecBounds, _ order: CommandOrder, _ judged: Judged) -> Judged {
        guard let folders = bounds.folders, !folders.isEmpty else { return judged }
        var judged = judged
        if order.folder == nil { judged.folder = absolute(folders.first) }
        let roots = folders.compactMap { RealPath.of(absolute($0)) }
        guard let real = RealPath.of(judged.folder), roots.contains(where: { Self.isBelow(real, $0) }) else {
            judged.decision = ProgramPolicy.Decision(effect: .deny, rule: judged.decision.rule)
            return judged
        }
        judged.folder = real
        return judged
    }

    private static func isBelow(_ path: String, _ root: String) -> Bool {
        path.isSame(as: root) || path.utf8.starts(with: (root == "/" ? root : root + "/").utf8)
    }

    // MARK: Command

    private func ownersCommand(_ order: CommandOrder) throws(KithError) -> PlannedCommand {
        let folder = absolute(order.folder)
        let program = find(order, in: folder)
        try check(folder, named: order.folder)
        return PlannedCommand(
            words: order.words, program: try executable(program, named: order.words[0]), folder: folder,
            variables: variables(order, in: folder), asked: order.variables, timeout: order.timeout)
    }

    private func bounded(_ order: CommandOrder, _ judged: Judged) throws(KithError) -> PlannedCommand {
        let bounds = judged.decision.rule?.bounds ?? ExecBounds()
        try VariablePolicy.check(order.variables, allowed: bounds.variables, by: judged.decision.rule)
        try check(judged.folder, named: order.folder)
        var (path, words) = (try executable(judged.program, named: order.words[0]), order.words)
        if let itsPath = judged.decision.path { path = itsPath }
        if let itsName = judged.decision.name { words[0] = itsName }
        let longest = bounds.seconds.map { Duration.seconds($0) }
        var command = PlannedCommand(
            words: words, program: path, folder: judged.folder, variables: variables(order, in: judged.folder),
            asked: order.variables, timeout: [order.timeout, longest].compactMap { $0 }.min(),
            rule: judged.decision.rule)
        try bind(&command)
        return command
    }

    /// Notes which folder and which file were decided on, so that others in their places are refused at the start.
    private func bind(_ command: inout PlannedCommand) throws(KithError) {
        guard command.isBound else { return }
        guard let folder = RealPath.of(command.folder), let identity = FileIdentity(of: command.program) else {
            throw .commandDenied
        }
        command.folder = folder
        command.variables["PWD"] = folder
        command.identity = identity
    }

    /// What of a peer's order needs no look at the disk.
    private func checkSize(_ order: CommandOrder) throws(KithError) {
        guard order.size <= limits.commandBytes else {
            throw KithError(
                .requestTooLarge, "The command and its variables take \(order.size) bytes.",
                hint: "At most \(limits.commandBytes) are taken; send a file instead.")
        }
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
        return ProgramFinder(path: path ?? environment.path).find(order.program, in: folder)
    }

    private func executable(_ program: ProgramFinder.Program?, named name: String) throws(KithError) -> String {
        guard let program else {
            let isLine = name.utf8.contains { " |&;<>$*".utf8.contains($0) }
            throw KithError(
                .execNotFound, "There is no program `\(name)`.",
                hint: isLine ? "A line for the shell goes behind `--shell`." : "Check its name and PATH.")
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
        return variables.merging(order.own) { $1 }.merging(order.variables) { $1 }
    }
}
