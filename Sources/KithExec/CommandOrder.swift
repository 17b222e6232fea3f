import KithAPI

/// What both forms of running a command ask for, checked as far as that needs no look at the disk. Pure.
struct CommandOrder: Sendable, Equatable {
    /// The program and its arguments; never empty.
    let words: [String]
    /// As it was asked, or nil for the home folder.
    let folder: String?
    let variables: [String: String]
    let timeout: Duration?

    init(_ request: RunCommand, within limits: ExecLimits) throws(KithError) {
        words = try Self.words(command: request.command, shell: request.shell)
        folder = request.folder
        variables = request.environment ?? [:]
        timeout = try Self.timeout(request.timeoutSeconds, within: limits) ?? limits.runTimeout
        try check(within: limits)
    }

    init(_ request: StreamCommand, within limits: ExecLimits) throws(KithError) {
        words = try Self.words(command: request.command, shell: request.shell)
        folder = request.folder
        variables = request.environment ?? [:]
        timeout = try Self.timeout(request.timeoutSeconds, within: limits)
        try check(within: limits)
    }

    /// Bytes of all words and variables, as the kernel counts them.
    var size: Int {
        words.reduce(0) { $0 + $1.utf8.count + 1 }
            + variables.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 }
    }

    private static func words(command: [String]?, shell: String?) throws(KithError) -> [String] {
        switch (command, shell) {
        case (let words?, nil) where words.first?.isEmpty == false: return words
        case (nil, let line?): return ["/bin/sh", "-c", "--", line]
        case (nil, nil), (_?, nil):
            throw KithError(.requestInvalid, "No command was given.", hint: "Name a program, or a line for the shell.")
        case (_?, _?):
            throw KithError(
                .requestInvalid, "Both a command and a line for the shell were given.", hint: "Give one of them.")
        }
    }

    private static func timeout(_ seconds: Double?, within limits: ExecLimits) throws(KithError) -> Duration? {
        guard let seconds else { return nil }
        guard seconds > 0, seconds <= limits.longestTimeoutSeconds else {
            throw KithError(
                .requestInvalid, "A timeout of \(seconds) s cannot be kept.",
                hint: "Give more than 0 and at most \(Int(limits.longestTimeoutSeconds)) s.")
        }
        return .seconds(seconds)
    }

    private func check(within limits: ExecLimits) throws(KithError) {
        guard words.count <= limits.arguments else {
            throw KithError(
                .requestTooLarge, "The command has \(words.count) words.",
                hint: "At most \(limits.arguments) are taken.")
        }
        guard variables.count <= limits.variables else {
            throw KithError(
                .requestTooLarge, "\(variables.count) variables were given.",
                hint: "At most \(limits.variables) are taken.")
        }
        let texts = words + variables.values + [folder].compactMap { $0 }
        guard texts.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw KithError(.requestInvalid, "The command holds a NUL byte.", hint: "Give text without it.")
        }
        guard let wrong = variables.keys.filter({ !Self.isName($0) }).min() else { return }
        throw KithError(
            .requestInvalid, "A variable cannot be called `\(wrong)`.",
            hint: "Use letters, digits and `_`, and no digit first.")
    }

    /// `[A-Za-z_][A-Za-z0-9_]*`
    private static func isName(_ text: String) -> Bool {
        let isLetter = { (byte: UInt8) in byte == 95 || (65...90).contains(byte) || (97...122).contains(byte) }
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) }
    }
}
