import KithAPI
import Yams

/// Reads `config.yaml` strictly: what is unknown, twice or of the wrong type is refused with its line.
struct ConfigurationReader {
    private let file: String
    private var configuration = Configuration()

    /// Reads the text of `file`.
    ///
    /// - Throws: ``KithError`` `config.invalid` whose message begins with `FILE:LINE:`.
    static func read(_ text: String, file: String) throws(KithError) -> Configuration {
        var reader = ConfigurationReader(file: file)
        guard let root = try reader.compose(text) else { return reader.configuration }
        try reader.section(root, prefix: "", keys: ["name", "listen", "discovery", "mcp", "log"]) {
            (reader, key, node) throws(KithError) in
            switch key {
            case "name": reader.configuration.name = try reader.name(node)
            case "listen": try reader.listen(node)
            case "discovery": reader.configuration.discovery = try reader.boolean(node, key)
            case "mcp": try reader.mcp(node)
            default: try reader.log(node)
            }
        }
        return reader.configuration
    }

    private init(file: String) { self.file = file }

    private func compose(_ text: String) throws(KithError) -> Node? {
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

    private mutating func section(
        _ node: Node, prefix: String, keys: [String],
        _ take: (inout ConfigurationReader, String, Node) throws(KithError) -> Void
    ) throws(KithError) {
        if node.scalar?.string.isEmpty == true { return }
        guard case .mapping(let mapping) = node else {
            throw refusal(node.mark, "`\(prefix)` must be a section of `key: value` lines.")
        }
        var seen: Set<String> = []
        for (keyNode, value) in mapping {
            let key = keyNode.scalar?.string ?? "?"
            let dotted = prefix.isEmpty ? key : "\(prefix).\(key)"
            guard keys.contains(key) else {
                throw refusal(
                    keyNode.mark, "there is no key `\(dotted)`.", hint: Self.suggestion(for: key, among: keys))
            }
            guard seen.insert(key).inserted else { throw refusal(keyNode.mark, "the key `\(dotted)` stands twice.") }
            try take(&self, key, value)
        }
    }

    private mutating func listen(_ node: Node) throws(KithError) {
        try section(node, prefix: "listen", keys: ["host", "port", "announcedPort"]) {
            (reader, key, node) throws(KithError) in
            switch key {
            case "host": reader.configuration.listenHost = try reader.text(node, "listen.host")
            case "port": reader.configuration.listenPort = try reader.port(node, "listen.port")
            default: reader.configuration.announcedPort = try reader.port(node, "listen.announcedPort", from: 1)
            }
        }
    }

    private mutating func mcp(_ node: Node) throws(KithError) {
        try section(node, prefix: "mcp", keys: ["httpPort"]) { (reader, _, node) throws(KithError) in
            reader.configuration.mcpPort = try reader.port(node, "mcp.httpPort")
        }
    }

    private mutating func log(_ node: Node) throws(KithError) {
        try section(node, prefix: "log", keys: ["level"]) { (reader, _, node) throws(KithError) in
            let word = try reader.text(node, "log.level")
            guard let level = Configuration.LogLevel(rawValue: word) else {
                let words = Configuration.LogLevel.allCases.map(\.rawValue)
                throw reader.refusal(
                    node.mark, "`log.level` is `\(word)`.", hint: Self.suggestion(for: word, among: words))
            }
            reader.configuration.logLevel = level
        }
    }

    private func name(_ node: Node) throws(KithError) -> PeerName {
        let word = try text(node, "name")
        guard let name = PeerName(word) else {
            throw refusal(
                node.mark, "`\(word)` cannot be a name.", hint: "Use up to 63 letters, digits, `.`, `_` or `-`.")
        }
        return name
    }

    private func text(_ node: Node, _ key: String) throws(KithError) -> String {
        guard let text = node.scalar?.string, !text.isEmpty else {
            throw refusal(node.mark, "`\(key)` must be a word.")
        }
        return text
    }

    private func port(_ node: Node, _ key: String, from lowest: Int = 0) throws(KithError) -> Int {
        guard let port = node.int, (lowest...65535).contains(port) else {
            throw refusal(node.mark, "`\(key)` must be a number from \(lowest) to 65535.")
        }
        return port
    }

    private func boolean(_ node: Node, _ key: String) throws(KithError) -> Bool {
        guard let value = node.bool else { throw refusal(node.mark, "`\(key)` must be true or false.") }
        return value
    }

    private func refusal(_ mark: Mark?, _ what: String, hint: String? = nil) -> KithError {
        KithError(
            .configInvalid, "\(file):\(mark.map { String($0.line) } ?? "1"): \(what)", hint: hint,
            details: ["file": file, "line": mark.map { String($0.line) } ?? "1"])
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
