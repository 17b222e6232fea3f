import Testing

struct SizeTests {
    @Test(arguments: ["Sources", "Tests"])
    func `no file has more than 400 lines`(folder: String) throws {
        for file in Tree.swiftFiles(below: folder) {
            let lines = try Tree.text(of: file).split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 401, "\(file) has \(lines) lines")
        }
    }

    @Test func `no function has more than 50 lines`() throws {
        for file in Tree.swiftFiles(below: "Sources") {
            for (name, length) in try functions(of: file) where length > 50 {
                Issue.record("\(file): \(name) has \(length) lines")
            }
        }
    }

    @Test func `nothing is banned that stands in the sources`() throws {
        let banned = [
            "try!", "as!", "@unchecked Sendable", "nonisolated(unsafe)", "fatalError(", "TODO", "FIXME", "Thread.sleep",
        ]
        for file in Tree.swiftFiles(below: "Sources") {
            let text = try Tree.text(of: file)
            for word in banned { #expect(!text.contains(word), "\(file) holds \(word)") }
        }
    }

    @Test func `no file is named after nothing`() {
        let vague = ["Util", "Helper", "Common", "Manager", "Misc", "Base.", "Shared"]
        for file in Tree.swiftFiles(below: "Sources") {
            let name = file.split(separator: "/").last.map(String.init) ?? ""
            #expect(!vague.contains { name.contains($0) }, Comment(rawValue: file))
        }
    }

    /// The functions of a file with their lengths, told by indentation.
    private func functions(of file: String) throws -> [(name: String, length: Int)] {
        let lines = try Tree.text(of: file).split(separator: "\n", omittingEmptySubsequences: false)
        var found: [(String, Int)] = []
        for (index, line) in lines.enumerated() where line.contains("func ") && !line.contains("//") {
            let indentation = line.prefix { $0 == " " }
            let end = lines[index...].firstIndex { $0 == indentation + "}" } ?? index
            found.append((String(line.drop { $0 == " " }.prefix(60)), end - index + 1))
        }
        return found
    }
}
