import KithAPI

/// Which variables a peer may set. Pure.
///
/// For a peer that may run any program the rule is a courtesy. For one that may run only some, variables are open by
/// name, never closed by name: nobody can list all those by which programs are told to run something else.
enum VariablePolicy {
    /// How people want to be spoken to, and what their window shows.
    private static let openNames: Set<String> = [
        "LANG", "LANGUAGE", "TERM", "COLORTERM", "NO_COLOR", "TZ", "COLUMNS", "LINES",
    ]
    private static let openPrefix = "LC_"

    /// Refuses what no rule of the policy could let pass, before anything is looked at.
    ///
    /// - Throws: ``KithError`` `denied`.
    static func check(_ variables: [String: String], for policy: ProgramPolicy) throws(KithError) {
        for (name, value) in sorted(variables) {
            let isClosedHere = policy.isLimited && !isOpen(name, value) && !policy.opens(variable: name)
            guard !isNeverOpen(name), !isClosedHere else { throw refusal(name) }
        }
    }

    /// Refuses what the deciding rule does not let pass: anything but `allowed` if that is given, otherwise anything
    /// but the few open ones where the rule lists commands.
    ///
    /// - Throws: ``KithError`` `denied`.
    static func check(_ variables: [String: String], allowed: [String]?, by rule: GrantRule?) throws(KithError) {
        for (name, value) in sorted(variables) {
            let isListed = allowed?.contains { $0.isSame(as: name) }
            let isHarmless = rule?.scope.isEmpty == true || isOpen(name, value)
            guard isListed ?? isHarmless, !isNeverOpen(name) else { throw refusal(name) }
        }
    }

    private static func sorted(_ variables: [String: String]) -> [(key: String, value: String)] {
        variables.sorted { $0.key < $1.key }
    }

    private static func refusal(_ name: String) -> KithError {
        guard !isNeverOpen(name) else {
            return KithError(.denied, "The variable `\(name)` may not be set from elsewhere.", hint: "Leave it out.")
        }
        return KithError(
            .denied, "The variable `\(name)` may not be set from here.",
            hint: "Leave it out, or ask the owner to add `--variable \(name)` to the rule that allows the command.")
    }

    private static func isNeverOpen(_ name: String) -> Bool { name.hasPrefix("LD_") }

    /// A value with a path in it names files that a program reads, and is not open: only zones of time have a
    /// slash amid their names.
    private static func isOpen(_ name: String, _ value: String) -> Bool {
        guard openNames.contains(name) || name.hasPrefix(openPrefix) else { return false }
        guard name == "TZ" else { return !value.utf8.contains(UInt8(ascii: "/")) }
        return !value.hasPrefix("/") && !value.hasPrefix(":") && !value.contains("..")
    }
}
