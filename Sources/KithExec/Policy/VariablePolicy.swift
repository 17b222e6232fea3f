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

    /// Refuses variables that a peer may not set.
    ///
    /// - Throws: ``KithError`` `denied`.
    static func check(_ names: some Sequence<String>, isLimited: Bool) throws(KithError) {
        for name in names where isClosed(name, isLimited: isLimited) {
            throw KithError(.denied, "The variable `\(name)` may not be set from here.", hint: "Leave it out.")
        }
    }

    private static func isClosed(_ name: String, isLimited: Bool) -> Bool {
        if name.hasPrefix("LD_") { return true }
        guard isLimited else { return false }
        return limitedNames.contains(name) || limitedPrefixes.contains { name.hasPrefix($0) }
    }
}
