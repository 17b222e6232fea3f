import KithAPI
import Yams

/// Reads `config.yaml` strictly: what is unknown, twice or of the wrong type is refused with its line.
struct ConfigurationReader {
    private let file: String
    private var configuration = Configuration()
    /// What is wrong, in the order of the file; at most ``maximumRefusals``.
    private var refusals: [Refusal] = []

    /// So many mistakes are told at once.
    private static let maximumRefusals = 10

    private struct Refusal: Error {
        var line: Int
        var what: String
        var hint: String?
    }

    /// Reads the text of `file`.
    ///
    /// - Throws: ``KithError`` `config.invalid` whose message begins with `FILE:LINE:`, and names every mistake.
    static func read(_ text: String, file: String) throws(KithError) -> Configuration {
        var reader = ConfigurationReader(file: file)
        do {
            guard let root = try reader.compose(text) else { return reader.configuration }
            try reader.read(root)
        } catch {
            reader.refusals.append(error)
        }
        guard reader.refusals.isEmpty else { throw reader.failure }
        return reader.configuration
    }

    private mutating func read(_ root: Node) throws(Refusal) {
        try section(root, prefix: "", keys: ["name", "listen", "discovery", "mcp", "log"]) {
            (reader, key, node) throws(Refusal) in
            switch key {
            case "name": reader.configuration.name = try reader.name(node)
            case "listen": try reader.listen(node)
            case "discovery": reader.configuration.discovery = try reader.boolean(node, key)
            case "mcp": try reader.mcp(node)
            default: try reader.log(node)
            }
        }
    }

    /// All mistakes as one error: the first with its file, the others with their lines.
    private var failure: KithError {
        let sorted = refusals.sorted { $0.line < $1.line }
        let first = String(sorted.first?.line ?? 1)
        let others = sorted.dropFirst().map { " Line \($0.line): \($0.what)" }.joined()
        let isOne = sorted.count == 1
        let hints = sorted.compactMap { one in one.hint.map { isOne ? $0 : "Line \(one.line): \($0)" } }
        return KithError(
            .configInvalid, "\(file):\(first): \(sorted.first?.what ?? "")\(others)",
            hint: hints.isEmpty ? nil : hints.joined(separator: " "), details: ["file": file, "line": first])
    }

    private init(file: String) { self.file = file }

    private func compose(_ text: String) throws(Refusal) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                throw refusal(mark, "this is not YAML: \(problem).")
            case .duplicatedKeysInMapping(let keys, let context):
                throw refusal(
                    context.mark, "the key `\(keys.first.map(String.init(describing:)) ?? "?")` stands twice.")
            default:
                throw refusal(nil, "this is not YAML.")
            }
        } catch {
            throw refusal(nil, "this is not YAML.")
        }
    }

    /// Reads each key of a section; one that is refused does not keep the others from being read.
    private mutating func section(
        _ node: Node, prefix: String, keys: [String],
        _ take: (inout ConfigurationReader, String, Node) throws(Refusal) -> Void
    ) throws(Refusal) {
        if node.scalar?.string.isEmpty == true { return }
        guard case .mapping(let mapping) = node else {
            throw refusal(node.mark, "`\(prefix)` must be a section of `key: value` lines.")
        }
        var seen: Set<String> = []
        for (keyNode, value) in mapping {
            do throws(Refusal) {
                let key = try key(keyNode, prefix, keys)
                guard seen.insert(key).inserted else { throw refusal(keyNode.mark, "the key `\(key)` stands twice.") }
                try take(&self, key, value)
            } catch {
                if refusals.count < Self.maximumRefusals { refusals.append(error) }
            }
        }
    }

    private func key(_ node: Node, _ prefix: String, _ keys: [String]) throws(Refusal) -> String {
        let key = node.scalar?.string ?? "?"
        guard keys.contains(key) else {
            throw refusal(
                node.mark, "there is no key `\(prefix.isEmpty ? key : "\(prefix).\(key)")`.",
                hint: Self.suggestion(for: key, among: keys))
        }
        return key
    }

    private mutating func listen(_ node: Node) throws(Refusal) {
        try section(node, prefix: "listen", keys: ["host", "port", "announcedPort"]) {
            (reader, key, node) throws(Refusal) in
            switch key {
            case "host": reader.configuration.listenHost = try reader.text(node, "listen.host")
            case "port": reader.configuration.listenPort = try reader.port(node, "listen.port")
            default: reader.configuration.announcedPort = try reader.port(node, "listen.announcedPort", from: 1)
            }
        }
    }

    private mutating func mcp(_ node: Node) throws(Refusal) {
        try section(node, prefix: "mcp", keys: ["httpPort"]) { (reader, _, node) throws(Refusal) in
            reader.configuration.mcpPort = try reader.port(node, "mcp.httpPort")
        }
    }

    private mutating func log(_ node: Node) throws(Refusal) {
        try section(node, prefix: "log", keys: ["level"]) { (reader, _, node) throws(Refusal) in
            let word = try reader.text(node, "log.level")
            guard let level = Configuration.LogLevel(rawValue: word) else {
                let words = Configuration.LogLevel.allCases.map(\.rawValue)
                throw reader.refusal(
                    node.mark, "`log.level` is `\(word)`.", hint: Self.suggestion(for: word, among: words))
            }
            reader.configuration.logLevel = level
        }
    }

    private func name(_ node: Node) throws(Refusal) -> PeerName {
        let word = try text(node, "name")
        guard let name = PeerName(word) else {
            throw refusal(
                node.mark, "`\(word)` cannot be a name.", hint: "Use up to 63 letters, digits, `.`, `_` or `-`.")
        }
        return name
    }

    private func text(_ node: Node, _ key: String) throws(Refusal) -> String {
        guard let text = node.scalar?.string, !text.isEmpty else {
            throw refusal(node.mark, "`\(key)` must be a word.")
        }
        return text
    }

    private func port(_ node: Node, _ key: String, from lowest: Int = 0) throws(Refusal) -> Int {
        guard let port = node.int, (lowest...65535).contains(port) else {
            throw refusal(node.mark, "`\(key)` must be a number from \(lowest) to 65535.")
        }
        return port
    }

    private func boolean(_ node: Node, _ key: String) throws(Refusal) -> Bool {
        guard let value = node.bool else { throw refusal(node.mark, "`\(key)` must be true or false.") }
        return value
    }

    private func refusal(_ mark: Mark?, _ what: String, hint: String? = nil) -> Refusal {
        Refusal(line: mark?.line ?? 1, what: what, hint: hint)
    }

    private static func suggestion(for word: String, among known: [String]) -> String {
        let nearest = known.min { $0.distance(to: word) < $1.distance(to: word) }
        if let nearest, nearest.distance(to: word) <= 2 { return "Did you mean `\(nearest)`?" }
        return "Known here: \(known.map { "`\($0)`" }.joined(separator: ", "))."
    }
}

extension String {
    /// How many letters must be added, taken away or changed to make the other word (Levenshtein).
    func distance(to other: String) -> Int {
        let target = Array(other.utf8)
        var row = Array(0...target.count)
        for (line, byte) in utf8.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, candidate) in target.enumerated() {
                let cost = Swift.min(
                    diagonal + (byte == candidate ? 0 : 1), Swift.min(row[column], row[column + 1]) + 1)
                diagonal = row[column + 1]
                row[column + 1] = cost
            }
        }
        return row[target.count]
    }
}
