import KithAPI
import KithExec
import Testing

@Suite struct TerminalEndTests {
    @Test(arguments: 0..<20)
    func `a program that ends at once shows its output and gives its exit code`(round: Int) async throws {
        try await ExecFixture.with { exec in
            let client = StreamClient()
            let request = OpenTerminal(
                command: ["sh", "-c", "echo shown; exit 7"], size: TerminalSize(columns: 80, rows: 24))
            async let end = TerminalService(exec.service).open(request, over: client.serviceEnd, from: .owner)
            try await client.wait(for: "shown")
            #expect(try await end.exitCode == 7)
        }
    }
}
