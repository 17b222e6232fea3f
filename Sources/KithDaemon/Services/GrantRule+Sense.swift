import KithAPI
import KithExec

extension GrantRule {
    /// Refuses a rule that cannot be meant.
    ///
    /// - Throws: ``KithError`` `request.invalid`.
    func checkSense() throws(KithError) {
        guard grant != .owner else {
            throw KithError(
                .requestInvalid, "`owner` cannot be granted.",
                hint: "Pairing, grants and configuration stay with this machine's owner.")
        }
        guard grant.canBeAskedFor || (effect != .ask && bounds == nil) else {
            throw KithError(
                .requestInvalid, "`\(grant.rawValue)` cannot be asked for, and has no bounds.",
                hint: "Only commands and terminals (`exec`, `terminal`) can and have.")
        }
        if grant.canBeAskedFor { try checkCommands() }
        try checkBounds()
    }

    private func checkCommands() throws(KithError) {
        guard let odd = scope.first(where: { CommandPattern($0) == nil }) else { return }
        throw KithError(
            .requestInvalid, "`\(odd)` is no pattern of a command.",
            hint: "Write a program without stars, then words with `*`; `**` stands last: `git log **`.")
    }

    private func checkBounds() throws(KithError) {
        guard let bounds else { return }
        let numbers = [bounds.running, bounds.perMinute, bounds.seconds, bounds.memory, bounds.processes]
        guard numbers.allSatisfy({ $0.map { (1...1_000_000_000).contains($0) } ?? true }) else {
            throw KithError(.requestInvalid, "A bound has to be a number above 0.", hint: "Leave it out for none.")
        }
    }
}
