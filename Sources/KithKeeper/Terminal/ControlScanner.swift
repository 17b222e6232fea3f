/// Cuts what a program writes into text, controls and whole sequences. Pure.
///
/// What is not whole yet is held back until the rest comes, so that neither libvterm nor a client that joins
/// ever sees half a sequence.
struct ControlScanner: Sendable {
    /// A string that opens a sequence of its own: `ESC` and this byte.
    enum StringKind: UInt8, Sendable {
        case command = 0x5D  // ]
        case device = 0x50  // P
        case application = 0x5F  // _
        case privacy = 0x5E  // ^
        case start = 0x58  // X
        case title = 0x6B  // k, as GNU screen has it
    }

    enum Kind: Sendable, Equatable {
        /// Bytes from 0x20 on; characters are whole.
        case text
        case control(UInt8)
        /// `ESC`, perhaps an intermediate (0 for none), and a final byte.
        case escape(UInt8, UInt8)
        case sequence(ControlSequence)
        /// A whole string, its content.
        case string(StringKind, [UInt8])
        /// A piece of a string longer than ``stringLimit``, or what nobody understands.
        case passing
    }

    struct Token: Sendable, Equatable {
        var kind: Kind
        /// Where it stands in ``bytes``.
        var range: Range<Int>
    }

    /// The longest string that is held back for its end; longer ones pass through unread.
    static let stringLimit = 4096
    /// The longest sequence.
    static let sequenceLimit = 256

    /// What was given last, with what had been held back before it.
    private(set) var bytes: [UInt8] = []
    /// The string that is passing through.
    private(set) var passing: StringKind?
    private var held = 0

    /// Adds `more` and takes what is whole.
    mutating func scan(_ more: some Sequence<UInt8>) -> [Token] {
        bytes.removeFirst(held)
        bytes.append(contentsOf: more)
        var tokens: [Token] = []
        var index = 0
        while index < bytes.count {
            let end = token(at: index, &tokens)
            guard end > index else { break }
            index = end
        }
        held = index
        return tokens
    }

    /// Appends the token at `index` and answers where it ends: `index` itself if it is not whole.
    private mutating func token(at index: Int, _ tokens: inout [Token]) -> Int {
        if passing != nil { return passingString(at: index, &tokens) }
        let byte = bytes[index]
        if byte == 0x1B { return escape(at: index, &tokens) }
        if byte < 0x20 {
            tokens.append(Token(kind: .control(byte), range: index..<index + 1))
            return index + 1
        }
        return text(at: index, &tokens)
    }

    private func text(at index: Int, _ tokens: inout [Token]) -> Int {
        let stop = bytes[index...].firstIndex { $0 < 0x20 } ?? bytes.count
        let end = stop == bytes.count ? UTF8Text.wholeEnd(of: bytes[index...]) : stop
        if end > index { tokens.append(Token(kind: .text, range: index..<end)) }
        return end
    }

    // MARK: Escapes

    private mutating func escape(at index: Int, _ tokens: inout [Token]) -> Int {
        guard index + 1 < bytes.count else { return index }
        let next = bytes[index + 1]
        if next == UInt8(ascii: "[") { return sequence(at: index, &tokens) }
        if let kind = StringKind(rawValue: next) { return string(kind, at: index, &tokens) }
        return shortEscape(at: index, &tokens)
    }

    private func shortEscape(at index: Int, _ tokens: inout [Token]) -> Int {
        var end = index + 1
        while end < bytes.count, (0x20...0x2F).contains(bytes[end]) { end += 1 }
        guard end - index <= Self.sequenceLimit else { return pass(index..<end, &tokens) }
        guard end < bytes.count else { return index }
        guard (0x30...0x7E).contains(bytes[end]) else { return pass(index..<end, &tokens) }
        let intermediate = end == index + 1 ? 0 : end == index + 2 ? bytes[index + 1] : 0xFF
        tokens.append(Token(kind: .escape(intermediate, bytes[end]), range: index..<end + 1))
        return end + 1
    }

    private func sequence(at index: Int, _ tokens: inout [Token]) -> Int {
        var end = index + 2
        while end < bytes.count, bytes[end] < 0x40 {
            if bytes[end] == 0x1B { return pass(index..<end, &tokens) }
            if bytes[end] == 0x18 || bytes[end] == 0x1A { return pass(index..<end + 1, &tokens) }
            end += 1
            if end - index > Self.sequenceLimit { return pass(index..<end, &tokens) }
        }
        guard end < bytes.count else { return index }
        guard bytes[end] <= 0x7E else { return pass(index..<end, &tokens) }
        for control in bytes[index + 2..<end] where control < 0x20 {
            tokens.append(Token(kind: .control(control), range: index..<index))
        }
        let found = ControlSequence(bytes[index + 2...end])
        tokens.append(Token(kind: found.map { .sequence($0) } ?? .passing, range: index..<end + 1))
        return end + 1
    }

    private func pass(_ range: Range<Int>, _ tokens: inout [Token]) -> Int {
        tokens.append(Token(kind: .passing, range: range))
        return range.upperBound
    }

    // MARK: Strings

    private mutating func string(_ kind: StringKind, at index: Int, _ tokens: inout [Token]) -> Int {
        switch ending(of: kind, from: index + 2) {
        case .after(let content, let end):
            tokens.append(Token(kind: .string(kind, Array(bytes[index + 2..<content])), range: index..<end))
            return end
        case .broken(let end):
            return pass(index..<end, &tokens)
        case .open:
            guard bytes.count - index > Self.stringLimit else { return index }
            passing = kind
            return passingString(at: index, from: index + 2, &tokens)
        }
    }

    private mutating func passingString(at index: Int, from: Int? = nil, _ tokens: inout [Token]) -> Int {
        guard let kind = passing else { return index }
        switch ending(of: kind, from: from ?? index) {
        case .after(_, let end), .broken(let end):
            passing = nil
            return pass(index..<end, &tokens)
        case .open:
            // An ESC at the very end may begin the string's terminator.
            let end = bytes.last == 0x1B ? bytes.count - 1 : bytes.count
            return end > index ? pass(index..<end, &tokens) : index
        }
    }

    private enum Ending {
        /// Where the content ends, and where the terminator does.
        case after(content: Int, end: Int)
        /// Given up here.
        case broken(Int)
        case open
    }

    private func ending(of kind: StringKind, from start: Int) -> Ending {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case 0x07 where kind == .command: return .after(content: index, end: index + 1)
            case 0x18, 0x1A: return .broken(index + 1)
            case 0x1B:
                guard index + 1 < bytes.count else { return .open }
                return bytes[index + 1] == UInt8(ascii: "\\")
                    ? .after(content: index, end: index + 2) : .broken(index)
            default: index += 1
            }
        }
        return .open
    }
}
