import KithAPI

/// A ``Launch`` on the wire: its numbers as JSON; its words, note and input as bytes behind it, so that they
/// cost no escaping: `program ␀ folder ␀ arguments ␀… NAME=value ␀… note input`.
struct LaunchForm: Codable, Sendable, Equatable {
    enum Input: String, Codable, Sendable { case none, bytes, open }

    var arguments: Int
    var variables: Int
    var wordBytes: Int
    var noteBytes: Int
    var inputBytes: Int
    var input: Input
    var terminal: TerminalSize?
    var milliseconds: Int?
    var memory: Int?
    var processes: Int?
    var isDetached: Bool
    /// Whether the connection leads the job from its first byte on, with no other question.
    var isLed: Bool?

    /// Bytes that follow the form.
    var bytes: Int { wordBytes + noteBytes + inputBytes }

    /// The most input that travels with the launch.
    static let inputLimit = 256 << 10

    /// The form of a launch, and the bytes behind it.
    static func write(_ launch: Launch) throws(KithError) -> (form: LaunchForm, bytes: [UInt8]) {
        let words = [launch.program, launch.folder] + launch.arguments
        let variables = launch.environment.map { "\($0.key)=\($0.value)" }
        guard !(words + variables).contains(where: { $0.utf8.contains(0) }) else {
            throw KithError(.requestInvalid, "The command holds a NUL byte.", hint: "Give text without it.")
        }
        var bytes: [UInt8] = []
        for word in words + variables {
            bytes.append(contentsOf: word.utf8)
            bytes.append(0)
        }
        var form = LaunchForm(launch, wordBytes: bytes.count)
        bytes += launch.note
        if case .bytes(let input) = launch.input {
            form.inputBytes = input.count
            bytes += input
        }
        try form.check()
        return (form, bytes)
    }

    /// The launch again.
    func read(_ bytes: [UInt8], as id: JobID) throws(KithError) -> Launch {
        try check()
        guard bytes.count == self.bytes, wordBytes > 0, bytes[wordBytes - 1] == 0 else { throw Self.wrong }
        let words = bytes[..<(wordBytes - 1)].split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 2 + arguments + variables else { throw Self.wrong }
        var launch = Launch(
            id: id, program: words[0], arguments: Array(words[2..<(2 + arguments)]), environment: [:],
            folder: words[1])
        for variable in words[(2 + arguments)...] {
            guard let sign = variable.firstIndex(of: "=") else { throw Self.wrong }
            launch.environment[String(variable[..<sign])] = String(variable[variable.index(after: sign)...])
        }
        launch.note = Array(bytes[wordBytes..<(wordBytes + noteBytes)])
        launch.input = input == .bytes ? .bytes(Array(bytes.suffix(inputBytes))) : input == .open ? .open : .none
        launch.terminal = terminal
        launch.timeout = milliseconds.map { .milliseconds($0) }
        (launch.memory, launch.processes, launch.isDetached) = (memory, processes, isDetached)
        return launch
    }

    private init(_ launch: Launch, wordBytes: Int) {
        arguments = launch.arguments.count
        variables = launch.environment.count
        self.wordBytes = wordBytes
        noteBytes = launch.note.count
        inputBytes = 0
        switch launch.input {
        case .none: input = .none
        case .bytes: input = .bytes
        case .open: input = .open
        }
        terminal = launch.terminal
        milliseconds = launch.timeout.map { max(1, Int(clamping: Int64($0 / .milliseconds(1)))) }
        memory = launch.memory
        processes = launch.processes
        isDetached = launch.isDetached
    }

    private static let wrong = KithError(.protocolViolation, "The launch of a job makes no sense.")

    /// Refuses what no launch can be; before anything is added up.
    func check() throws(KithError) {
        let counts = [arguments, variables, wordBytes, noteBytes, inputBytes, milliseconds ?? 1]
        guard counts.allSatisfy({ $0 >= 0 }), arguments <= 1 << 20, variables <= 1 << 20 else { throw Self.wrong }
        guard (1...1 << 24).contains(memory ?? 1), (1...1 << 22).contains(processes ?? 1), (milliseconds ?? 0) < 1 << 42
        else { throw Self.wrong }
        guard wordBytes <= Launch.wordLimit, noteBytes <= Launch.noteLimit, inputBytes <= Self.inputLimit else {
            throw KithError(
                .requestTooLarge, "The command, its variables or its note are too long.",
                hint: "Send a file instead.")
        }
    }
}
