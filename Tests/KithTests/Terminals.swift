import Foundation
import Testing

/// What stood on the terminals of a pairing, and how the programs there ended; see `Terminals/pair.exp`.
struct Terminals {
    /// What the people do.
    enum Course: String {
        case right
        /// First a wrong code, at the terminal called `stranger`; then the right one.
        case wrongCode = "wrong-code"
        /// The inviter types other digits than stand on the joiner's screen.
        case wrongDigits = "wrong-digits"
        /// The joiner does not get as far as the digits.
        case refused
    }

    /// By terminal: how its program ended.
    private(set) var codes: [String: Int] = [:]
    private(set) var text: String

    private static let script = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("Terminals/pair.exp").path

    /// Lets two people pair two hosts; `options` are those of the joiner's `kith pair`.
    init(_ course: Course, inviter: Host, joiner: Host, options: [String] = []) async throws {
        let words = ["expect", "-f", Self.script, inviter.on, inviter.name, joiner.name, course.rawValue] + options
        let answer = try await Command(words).run()
        text = answer.output
        try #require(answer.code == 0, "\(answer.errors)\(text)")
        for part in parts {
            codes[part.seat] = part.code
        }
    }

    /// What stood on one terminal.
    func screen(_ seat: String) -> String { parts.first { $0.seat == seat }?.text ?? "" }

    private var parts: [(seat: String, code: Int, text: String)] {
        text.split(separator: "=== ").compactMap { part in
            let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            let words = lines[0].split(separator: " ")
            guard words.count == 2, lines.count == 2, let code = Int(words[1]) else { return nil }
            return (String(words[0]), code, String(lines[1]))
        }
    }
}
