import Foundation
import KithTestKit
import Testing

/// Conversations with the real `kith`, readable aloud: `Transcripts/*.txt`.
///
/// `NODE$ line` is typed at that node; what follows is all that it prints, `…` stands for anything within a
/// line, and `[7]` says that it exits with 7.
struct TranscriptTests {
    @Test(arguments: ["context", "exec", "files", "mcp", "peers", "node", "talk"])
    func `the program says what its transcript says`(name: String) async throws {
        let transcript = try Transcript(name)
        try await withMesh(["laptop", "studio"]) { mesh in
            for exchange in transcript.exchanges {
                let node = mesh[exchange.node]
                let said = try await Shell.run(
                    """
                    cd '\(node.userHome.path)' && export HOME=$PWD KITH_HOME='\(node.kithHome.path)' PATH='\(Transcript.programs)':$PATH
                    (\(exchange.line)) 2>&1; code=$?; [ $code = 0 ] || echo "[$code]"
                    """)
                #expect(exchange.allows(said), "\(exchange.node)$ \(exchange.line)\n\(said)")
            }
        }
    }
}

/// A conversation from a file.
private struct Transcript {
    struct Exchange {
        let node: String
        let line: String
        var answer: [String] = []

        /// Whether what was said is what was expected, line by line.
        func allows(_ said: String) -> Bool {
            let lines = said.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
            return lines.count == answer.count && zip(lines, answer).allSatisfy(Self.fits)
        }

        private static func fits(_ line: String, _ expected: String) -> Bool {
            let parts = expected.split(separator: "…", omittingEmptySubsequences: false).map(String.init)
            guard parts.count > 1 else { return line == expected }
            guard line.hasPrefix(parts[0]), line.hasSuffix(parts[parts.count - 1]) else { return false }
            var rest = line[...]
            for part in parts where !part.isEmpty {
                guard let range = rest.range(of: part) else { return false }
                rest = rest[range.upperBound...]
            }
            return true
        }
    }

    let exchanges: [Exchange]

    /// Where the test's own programs are.
    static let programs: String = {
        let arguments = CommandLine.arguments.first.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
        let beside = Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() } + [arguments].compactMap { $0 }
        let folder = beside.first {
            FileManager.default.isExecutableFile(atPath: $0.appendingPathComponent("kith").path)
        }
        return folder?.path
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../.build/debug").path
    }()

    init(_ name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Transcripts/\(name).txt")
        var exchanges: [Exchange] = []
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            if let prompt = line.range(of: "$ "), ["laptop", "studio"].contains(String(line[..<prompt.lowerBound])) {
                exchanges.append(
                    Exchange(node: String(line[..<prompt.lowerBound]), line: String(line[prompt.upperBound...])))
            } else if !exchanges.isEmpty {
                exchanges[exchanges.count - 1].answer.append(String(line))
            }
        }
        self.exchanges = exchanges
    }
}
