import Testing

struct DocumentationTests {
    /// What the protocols it conforms to already say.
    private static let inherited = [
        "var description:", "var debugDescription:", "static var schema:", "static var name:", "static var summary:",
        "static var grant:", "static var parameters:", "static var example:", "static var isReadOnly:",
        "static var shape:",
        "static var replySchema:", "static var isOptional:", "init(from decoder:", "func encode(to encoder:",
        "typealias ",
        "init(stringLiteral", "init(booleanLiteral", "init(integerLiteral", "var object:", "var customMirror",
        "static let configuration", "mutating func run()", "func run()", "func validate()", "mutating func validate()",
        "static func ==", "var allValueStrings:", "init?(argument:", "var unownedExecutor:", "let events: AsyncStream",
        "func announce(", "func receive(_ event: PairingEvent)", "func hash(", "import ", "extension ",
    ]

    @Test func `every public declaration is documented`() throws {
        for file in Tree.swiftFiles(below: "Sources") {
            let lines = try Tree.text(of: file).split(separator: "\n", omittingEmptySubsequences: false).map {
                $0.drop { $0 == " " }
            }
            for (index, line) in lines.enumerated() where line.hasPrefix("public ") {
                guard !Self.inherited.contains(where: { line.contains($0) }) else { continue }
                let above = lines[..<index].last { !$0.hasPrefix("@") }
                #expect(above?.hasPrefix("///") == true, Comment(rawValue: "\(file):\(index + 1) \(line)"))
            }
        }
    }
}
