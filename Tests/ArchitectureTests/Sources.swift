import Foundation

/// The source tree as the tests read it.
enum Tree {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift file below `folder`, as paths relative to the repository.
    static func swiftFiles(below folder: String) -> [String] {
        let base = root.appendingPathComponent(folder)
        let all = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }.sorted()
    }

    static func text(of path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The modules that a file imports.
    static func imports(of path: String) throws -> Set<String> {
        let lines = try text(of: path).split(separator: "\n")
        let names = lines.compactMap { line -> String? in
            let words = line.split(separator: " ").map(String.init)
            guard let index = words.firstIndex(of: "import"), index < words.count - 1,
                words[..<index].allSatisfy({
                    ["public", "internal", "private", "@testable", "@preconcurrency"].contains($0)
                })
            else { return nil }
            let kinds: Set = ["struct", "class", "enum", "func", "protocol", "typealias"]
            let name = kinds.contains(words[index + 1]) ? words[index + 2] : words[index + 1]
            return String(name.prefix { $0 != "." && $0 != ";" })
        }
        return Set(names)
    }
}
