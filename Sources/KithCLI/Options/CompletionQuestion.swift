import ArgumentParser
import KithAPI
import KithClient

/// What a shell wants to have completed, asked of the daemon while somebody waits at the keyboard.
struct CompletionQuestion: Sendable {
    /// The most that are offered.
    static let most = 200
    /// How long the shell waits; a daemon that hangs must not hang it.
    static let patience = Duration.milliseconds(800)

    let client: KithClient
    /// The peer behind `--on`, or this node.
    let target: KithClient.Target
    /// What was typed of the word so far.
    let word: String

    /// What `answer` finds, as long as it does so in time and can be typed; nothing otherwise.
    func offers(_ answer: @escaping @Sendable (CompletionQuestion) async throws -> [String]) async -> [String] {
        let found = await withTaskGroup(of: [String].self) { group in
            group.addTask { (try? await answer(self)) ?? [] }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return []
            }
            defer { group.cancelAll() }
            return await group.next() ?? []
        }
        return Array(found.filter(Self.isTypeable).prefix(Self.most))
    }

    /// Nothing that drives a terminal, and a line each: what a peer wrote must not reach the shell otherwise.
    static func isTypeable(_ word: String) -> Bool { !word.isEmpty && word == word.escaped }
}

extension CompletionKind {
    /// What the daemon of this user knows.
    static func asking(
        _ answer: @escaping @Sendable (CompletionQuestion) async throws -> [String]
    ) -> CompletionKind {
        .custom { words, index, word in
            guard let session = try? Session(environment: ProcessEnvironment.places, format: .people) else {
                return []
            }
            let peer = words.firstIndex(of: "--on").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
            let question = CompletionQuestion(
                client: session.client, target: peer.map(KithClient.Target.named) ?? .local,
                word: index == words.count - 1 || !words.indices.contains(index) ? word : words[index])
            return await question.offers(answer)
        }
    }
}
