import KithAPI
import KithClient
import Testing

@testable import KithCLI

/// What a shell is offered while somebody waits at the keyboard.
struct CompletionTests {
    private func question(_ socket: String, _ word: String = "") -> CompletionQuestion {
        CompletionQuestion(client: KithClient(socket: socket), target: .local, word: word)
    }

    /// Nothing but its patience ends this one.
    @Test(.timeLimit(.minutes(2))) func `a daemon that hangs does not hang the shell`() async throws {
        let daemon = try StubDaemon { connection in while connection.read() != nil {} }

        let offers = await question(daemon.socket).offers { question in
            try await question.client.call(FindTasks(beginning: "t")).entries.map(\.id.text)
        }

        #expect(offers == [])
    }

    @Test func `a daemon that is not there offers nothing`() async {
        #expect(
            await question("/nonexistent/kith.sock").offers {
                try await $0.client.call(ListContext()).entries.map(\.key)
            } == [])
    }

    @Test func `nothing that a peer wrote drives the terminal, and there are not too many`() async {
        let words = ["build/status", "ein Wort", "zwei\nZeilen", "\u{1b}[2J", ""]

        #expect(await question("/").offers { _ in words } == ["build/status", "ein Wort"])
        #expect(await question("/").offers { _ in Array(repeating: "x", count: 1_000) }.count == 200)
    }
}
