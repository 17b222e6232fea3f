/// One entry of a command's scope: a program, and what may stand behind it. Pure.
///
/// `git` is that program with any arguments. With words behind it, each must match one argument: `*` stands for
/// any bytes within that one argument, `**` at the very end for any further arguments, or none; everything else
/// for itself, byte by byte. A backslash takes the meaning from the character after it.
public struct CommandPattern: Sendable, Equatable {
    /// How closely an entry names a command: what is compared first stands first.
    struct Specificity: Sendable, Comparable {
        /// Words without a pattern, the program included.
        var exactWords = 0
        /// Bytes that stand for themselves in words with one.
        var literalBytes = 0
        /// Whether the number of arguments is fixed.
        var isBounded = false

        static func < (left: Self, right: Self) -> Bool {
            (left.exactWords, left.literalBytes, left.isBounded ? 1 : 0)
                < (right.exactWords, right.literalBytes, right.isBounded ? 1 : 0)
        }
    }

    /// Pieces between the stars of one word: a word without a star is one piece.
    typealias Word = [[UInt8]]

    /// The program: a name or an absolute path.
    public let program: String
    /// What each argument must match.
    let words: [Word]
    /// Whether more arguments may follow.
    let isOpen: Bool

    /// Reads an entry; nil where there is no program, it holds a star, `**` is not the last word, or a backslash
    /// has nothing behind it.
    public init?(_ text: String) {
        guard let words = Self.split(text), let first = words.first, first.count == 1, first[0] != [] else {
            return nil
        }
        let isOpen = words.count == 1 || words.last == Self.rest
        let arguments = words.dropFirst().dropLast(words.count > 1 && isOpen ? 1 : 0)
        guard !arguments.contains(Self.rest) else { return nil }
        program = String(decoding: first[0], as: UTF8.self)
        self.words = Array(arguments)
        self.isOpen = isOpen
    }

    /// The first word of `text` with any arguments: how an entry that cannot be read closes.
    init(programOf text: String) {
        program = text.split(separator: " ").first.map(String.init) ?? text
        (words, isOpen) = ([], true)
    }

    var specificity: Specificity {
        let exact = words.filter { $0.count == 1 }
        let literal = words.filter { $0.count > 1 }.joined().reduce(0) { $0 + $1.count }
        return Specificity(exactWords: 1 + exact.count, literalBytes: literal, isBounded: !isOpen)
    }

    /// Whether these arguments, without the program's own name, are covered.
    func covers(_ arguments: some Collection<String>) -> Bool {
        guard isOpen ? arguments.count >= words.count : arguments.count == words.count else { return false }
        return zip(words, arguments).allSatisfy { Self.matches($0, Array($1.utf8)) }
    }

    // MARK: Matching

    /// `**` is read as a word of two stars: three empty pieces.
    private static let rest: Word = [[], [], []]

    /// The first piece at the start, the last at the end, the others in their order between: the leftmost place
    /// of each is as good as any, so nothing is tried twice.
    private static func matches(_ word: Word, _ argument: [UInt8]) -> Bool {
        guard let first = word.first, let last = word.last else { return false }
        guard word.count > 1 else { return argument == first }
        guard argument.count >= first.count + last.count, argument.starts(with: first),
            argument.suffix(last.count).elementsEqual(last)
        else { return false }
        var rest = argument[first.count..<(argument.count - last.count)]
        for piece in word.dropFirst().dropLast() {
            guard let end = end(of: piece, in: rest) else { return false }
            rest = rest[end...]
        }
        return true
    }

    private static func end(of piece: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard !piece.isEmpty else { return bytes.startIndex }
        guard bytes.count >= piece.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - piece.count)).first { bytes[$0...].starts(with: piece) }
            .map { $0 + piece.count }
    }

    // MARK: Reading

    private static func split(_ text: String) -> [Word]? {
        var words: [Word] = []
        var word: Word?
        var isEscaped = false
        for byte in text.utf8 {
            switch (byte, isEscaped) {
            case (UInt8(ascii: "\\"), false):
                isEscaped = true
                continue
            case (UInt8(ascii: " "), false):
                if let word { words.append(word) }
                word = nil
            case (UInt8(ascii: "*"), false): word = (word ?? [[]]) + [[]]
            default: word = appending(byte, to: word ?? [[]])
            }
            isEscaped = false
        }
        if let word { words.append(word) }
        return isEscaped ? nil : words
    }

    private static func appending(_ byte: UInt8, to word: Word) -> Word {
        var word = word
        word[word.count - 1].append(byte)
        return word
    }
}
