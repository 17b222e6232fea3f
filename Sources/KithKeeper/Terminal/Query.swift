/// A question that a program asks its terminal, which must be answered exactly once. Pure.
enum Query: Equatable, Sendable {
    /// DA, DA2, DA3.
    case attributes, moreAttributes, unitID
    /// DSR 5, and 6 with or without `?`.
    case status, cursor(isExtended: Bool)
    /// DECRQM, answered at once since the mode may change later: its number, whether it is private, its state.
    case mode(Int, isPrivate: Bool, state: Int)
    /// The size in characters.
    case size
    /// XTVERSION.
    case version
    /// The colour of text (10) or behind it (11), or of the cursor (12).
    case colour(Int)
    /// DECRQSS and XTGETTCAP.
    case setting, capability
    /// One that only a real window can answer; nobody waits for long.
    case other

    /// The question behind a token; nil if it is none.
    init?(_ kind: ControlScanner.Kind, modes: Modes) {
        switch kind {
        case .control(0x05): self = .other
        case .escape(0, UInt8(ascii: "Z")): self = .attributes
        case .sequence(let sequence): self.init(sequence, modes)
        case .string(.command, let content): self.init(command: content)
        case .string(.device, let content) where content.starts(with: Array("$q".utf8)): self = .setting
        case .string(.device, let content) where content.starts(with: Array("+q".utf8)): self = .capability
        default: return nil
        }
    }

    private init?(_ sequence: ControlSequence, _ modes: Modes) {
        switch sequence.kind {
        case "c": self = .attributes
        case ">c": self = .moreAttributes
        case "=c": self = .unitID
        case "n" where sequence[0] == 5: self = .status
        case "n" where sequence[0] == 6: self = .cursor(isExtended: false)
        case "?n" where sequence[0] == 6: self = .cursor(isExtended: true)
        case "n", "?n", "?u", "x": self = .other
        case "$p": self = .mode(sequence[0] ?? 0, isPrivate: false, state: modes.report(sequence[0] ?? 0))
        case "?$p": self = .mode(sequence[0] ?? 0, isPrivate: true, state: modes.reportPrivate(sequence[0] ?? 0))
        case ">q": self = .version
        case "t" where sequence[0] == 18: self = .size
        case "t" where [11, 13, 14, 15, 16, 19, 20, 21].contains(sequence[0]): self = .other
        default: return nil
        }
    }

    private init?(command: [UInt8]) {
        let parts = command.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard parts.count > 1, parts.last.map(Array.init) == [0x3F] else { return nil }
        let number = Int(String(decoding: parts[0], as: UTF8.self))
        self = number.map { (10...12).contains($0) && parts.count == 2 ? .colour($0) : .other } ?? .other
    }
}

extension Modes {
    /// What DECRQM is told of a mode of ANSI's: 1 on, 2 off, 0 unknown.
    fileprivate func report(_ number: Int) -> Int {
        switch number {
        case 4: inserts ? 1 : 2
        case 20: feedsNewLine ? 1 : 2
        default: 0
        }
    }

    /// The same for a private mode.
    fileprivate func reportPrivate(_ number: Int) -> Int {
        Self.known[number] == nil ? 0 : self[number] ? 1 : 2
    }
}
