import KithAPI

/// What both forms of running a command ask for, checked as far as that needs no look at the disk. Pure.
struct CommandOrder: Sendable, Equatable {
    /// The program and its arguments; never empty.
    let words: [String]
    /// As it was asked, or nil for the home folder.
    let folder: String?
    let variables: [String: String]
    let timeout: Duration?

    /// Variables of the node's own, such as the type of a terminal.
    private(set) var own: [String: String] = [:]
    /// The program to look up, where it is not the first word: a login shell is called by another name.
    private var lookedUp: String?

    /// The program to look up.
    var program: String { lookedUp ?? words[0] }

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
        let isTerminal = request.terminal != nil
        variables = (request.environment ?? [:]).filter { !isTerminal || $0.key != "TERM" }
        timeout = try Self.timeout(request.timeoutSeconds, within: limits)
        if isTerminal { own["TERM"] = try Self.type(request.environment?["TERM"]) }
        try check(within: limits)
    }

    init(_ request: StartCommand, within limits: ExecLimits) throws(KithError) {
        words = try Self.words(command: request.command, shell: request.shell)
        folder = request.folder
        variables = request.environment ?? [:]
        timeout = try Self.timeout(request.timeoutSeconds, atMost: limits.longestJobSeconds)
        try check(within: limits)
    }

    /// - Parameter shell: the login shell, which runs where no command is asked for; it is told so by the `-`
    ///   before its name.
    init(_ request: OpenTerminal, shell: String, within limits: ExecLimits) throws(KithError) {
        if let command = request.command {
            words = try Self.words(command: command, shell: nil)
        } else {
            words = ["-" + (shell.split(separator: "/").last ?? "sh")]
            lookedUp = shell
        }
        folder = request.folder
        variables = (request.environment ?? [:]).filter { $0.key != Self.colours }
        timeout = nil
        own["TERM"] = try Self.type(request.type)
        own["KITH_TERMINAL"] = request.name
        if let colours = request.environment?[Self.colours], ["truecolor", "24bit"].contains(colours) {
            own[Self.colours] = colours
        }
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

    /// Says what the client's terminal can show, as `TERM` does: nothing that a rule about variables is for.
    private static let colours = "COLORTERM"
    private static let usualTerminal = "xterm-256color"

    /// The name of a terminal's type: nothing that a path could be made of.
    private static func type(_ asked: String?) throws(KithError) -> String {
        let type = asked ?? usualTerminal
        let isPlain =
            (1...64).contains(type.utf8.count)
            && type.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || "-+.".utf8.contains($0) }
        guard isPlain, !type.hasPrefix(".") else {
            throw KithError(.requestInvalid, "There is no type of terminal `\(type)`.", hint: "Give what TERM says.")
        }
        return type
    }

    private static func timeout(_ seconds: Double?, within limits: ExecLimits) throws(KithError) -> Duration? {
        try timeout(seconds, atMost: limits.longestTimeoutSeconds)
    }

    private static func timeout(_ seconds: Double?, atMost longest: Double) throws(KithError) -> Duration? {
        guard let seconds else { return nil }
        guard seconds > 0, seconds <= longest else {
            throw KithError(
                .requestInvalid, "A timeout of \(seconds) s cannot be kept.",
                hint: "Give more than 0 and at most \(Int(longest)) s.")
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
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == 95 || (65...90).contains(byte) || (97...122).contains(byte)
    }
}
