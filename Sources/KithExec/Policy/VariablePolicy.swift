import KithAPI

/// Which variables a peer may set. Pure.
///
/// For a peer that may run any program the rule is a courtesy; for one that may run only some it keeps
/// the variables out by which common programs are told to run something else.
enum VariablePolicy {
    private static let limitedNames: Set<String> = [
        "PATH", "HOME", "SHELL", "IFS", "ENV", "BASH_ENV", "BASHOPTS", "SHELLOPTS", "PS4", "PROMPT_COMMAND", "CDPATH",
        "EDITOR", "VISUAL", "PAGER", "BROWSER", "MANPAGER", "LESSOPEN", "LESSCLOSE", "LESS", "GCONV_PATH",
        "GLIBC_TUNABLES", "LOCPATH", "NLSPATH", "NODE_OPTIONS", "NODE_PATH", "CLASSPATH", "JAVA_TOOL_OPTIONS",
        "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "MAKEFLAGS", "MAKEFILES", "GNUMAKEFLAGS", "RUSTC", "RUSTC_WRAPPER", "CC",
        "CXX", "TAR_OPTIONS", "GZIP", "RSYNC_RSH", "SSH_ASKPASS", "SUDO_ASKPASS", "TERMINFO", "ZDOTDIR", "FPATH",
    ]
    private static let limitedPrefixes = [
        "GIT_", "PYTHON", "PERL", "RUBY", "BUNDLE_", "GEM_", "NPM_", "npm_", "CARGO_", "MALLOC_", "XDG_", "LUA_",
        "SWIFT", "GO", "BASH_FUNC_",
    ]

    /// Refuses what no rule of the policy could let pass, before anything is looked at.
    ///
    /// - Throws: ``KithError`` `denied`.
    static func check(_ names: [String], for policy: ProgramPolicy) throws(KithError) {
        for name in names {
            let isClosedHere = policy.isLimited && isClosed(name) && !policy.opens(variable: name)
            guard !isNeverOpen(name), !isClosedHere else { throw refusal(name) }
        }
    }

    /// Refuses what the deciding rule does not let pass: anything but `allowed` if that is given, otherwise what
    /// chooses code where the rule lists commands.
    ///
    /// - Throws: ``KithError`` `denied`.
    static func check(_ names: [String], allowed: [String]?, by rule: GrantRule?) throws(KithError) {
        for name in names {
            let isListed = allowed?.contains { $0.isSame(as: name) }
            let isHarmless = rule?.scope.isEmpty == true || !isClosed(name)
            guard isListed ?? isHarmless, !isNeverOpen(name) else { throw refusal(name) }
        }
    }

    private static func refusal(_ name: String) -> KithError {
        KithError(.denied, "The variable `\(name)` may not be set from here.", hint: "Leave it out.")
    }

    private static func isNeverOpen(_ name: String) -> Bool { name.hasPrefix("LD_") }

    private static func isClosed(_ name: String) -> Bool {
        limitedNames.contains(name) || limitedPrefixes.contains { name.hasPrefix($0) }
    }
}
