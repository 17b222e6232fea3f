import Testing

@testable import KithExec

@Suite struct CommandPatternTests {
    @Test(
        arguments: [
            ("git", [], true), ("git", ["push", "--force"], true),
            ("git status", ["status"], true), ("git status", [], false), ("git status", ["status", "-s"], false),
            ("git status **", ["status"], true), ("git status **", ["status", "-s", "."], true),
            ("git status **", ["Status"], false), ("git **", [], true),
            ("git *", ["log"], true), ("git *", [""], true), ("git *", [], false), ("git *", ["log", "-1"], false),
            ("git log --author=*", ["log", "--author=me"], true), ("git log --author=*", ["log", "--author"], false),
            ("git a*b*c", ["abc"], true), ("git a*b*c", ["aXbYc"], true), ("git a*b*c", ["acb"], false),
            ("git a*a", ["a"], false), ("git a*a", ["aa"], true),
            ("git *.txt", ["a/b.txt"], true), ("git *.txt", [".txt"], true), ("git *.txt", ["a.txt "], false),
            (#"git a\ b"#, ["a b"], true), (#"git \*"#, ["*"], true), (#"git \*"#, ["x"], false),
            (#"git a\,b"#, ["a,b"], true), ("git   status", ["status"], true), ("git é", ["e\u{301}"], false),
        ] as [(String, [String], Bool)])
    func `words match as written`(pattern: String, arguments: [String], matches: Bool) throws {
        #expect(try #require(CommandPattern(pattern)).covers(arguments) == matches)
    }

    @Test(arguments: ["", " ", "*", "g*t", "git ** status", "git ** **", "git a\\", "\\"])
    func `what cannot be meant is not read`(text: String) {
        #expect(CommandPattern(text) == nil)
    }

    @Test func `more exact words are closer, then more bytes, then a fixed number`() throws {
        let order = [
            "git", "git *", "git p*", "git pu*", "git push **", "git push", "git push *", "git push o*",
            "git push origin",
        ]
        let ranks = try order.map { try #require(CommandPattern($0)).specificity }
        #expect(ranks == ranks.sorted())
        #expect(try #require(CommandPattern("/usr/bin/git")).specificity == ranks[0])
    }

    /// Against the plainest matcher there is, which tries everything.
    @Test(arguments: 0..<20) func `10,000 random patterns match as the plain matcher says`(seed: UInt64) {
        var generator = Seeded(seed)
        for _ in 0..<500 {
            let words = (0..<Int.random(in: 0...3, using: &generator)).map { _ in word("ab*\\", &generator) }
            let arguments = (0..<Int.random(in: 0...3, using: &generator)).map { _ in word("ab*", &generator) }
            let text = (["p"] + words).joined(separator: " ")
            guard let pattern = CommandPattern(text) else { continue }
            #expect(pattern.covers(arguments) == plain(text, arguments), "\(text) \(arguments)")
        }
    }

    private func word(_ letters: String, _ generator: inout Seeded) -> String {
        String(
            (0..<Int.random(in: 1...5, using: &generator)).compactMap { _ in letters.randomElement(using: &generator) })
    }

    private func plain(_ text: String, _ arguments: [String]) -> Bool {
        var words = text.split(separator: " ").dropFirst().map(String.init)
        let isOpen = words.isEmpty || words.last == "**"
        if words.last == "**" { words.removeLast() }
        guard isOpen ? arguments.count >= words.count : arguments.count == words.count else { return false }
        return zip(words, arguments).allSatisfy { plainWord(Array($0.utf8)[...], Array($1.utf8)[...]) }
    }

    private func plainWord(_ word: ArraySlice<UInt8>, _ argument: ArraySlice<UInt8>) -> Bool {
        guard let first = word.first else { return argument.isEmpty }
        if first == UInt8(ascii: "*") {
            return (argument.startIndex...argument.endIndex).contains { plainWord(word.dropFirst(), argument[$0...]) }
        }
        let literal = first == UInt8(ascii: "\\") ? word.dropFirst() : word
        guard let wanted = literal.first else { return false }
        return argument.first == wanted && plainWord(literal.dropFirst(), argument.dropFirst())
    }
}

/// Numbers that are the same each time (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
