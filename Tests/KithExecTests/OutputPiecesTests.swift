import KithAPI
import Testing

@testable import KithExec
@testable import KithKeeper

@Suite struct OutputPiecesTests {
    private func pieces(_ outputs: [(Output.Stream, [UInt8])]) -> [JobEvent] {
        guard let id = JobID("jmbswy3dpeblw") else { return [] }
        var pieces = OutputPieces(jobID: id, sandbox: .none)
        var at = 0
        var events: [JobEvent] = []
        for (stream, bytes) in outputs {
            events += pieces.receive(.output(at: at, Output(stream: stream, bytes: bytes)))
            at += bytes.count
        }
        return events + pieces.flush()
    }

    @Test func `a character in two pieces comes whole`() {
        let euro = Array("€".utf8)
        let events = pieces([(.standardOutput, [97] + euro[..<2]), (.standardOutput, euro[2...] + [98])])
        #expect(
            events == [
                JobEvent(.stdout, at: 0, next: 1, text: "a", encoding: .utf8),
                JobEvent(.stdout, at: 1, next: 5, text: "€b", encoding: .utf8),
            ])
    }

    @Test func `what is no text comes in base 64, and cursors have no hole`() {
        let events = pieces([(.standardOutput, [0xFF, 0xFE]), (.standardOutput, [0xE2]), (.standardError, [97])])
        #expect(
            events == [
                JobEvent(.stdout, at: 0, next: 2, text: "//4=", encoding: .base64),
                JobEvent(.stdout, at: 2, next: 3, text: "4g==", encoding: .base64),
                JobEvent(.stderr, at: 3, next: 4, text: "a", encoding: .utf8),
            ])
    }

    @Test(arguments: 0..<10) func `any cut of any text joins to the text`(seed: UInt64) {
        var generator = Seeded(seed)
        let text = (0..<200).map { _ in "aé€🙂\n".randomElement(using: &generator) ?? "a" }.map(String.init).joined()
        var rest = Array(text.utf8)[...]
        var outputs: [(Output.Stream, [UInt8])] = []
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...7, using: &generator))
            outputs.append((.standardOutput, Array(piece)))
            rest = rest.dropFirst(piece.count)
        }
        let events = pieces(outputs)
        #expect(events.map { $0.text ?? "" }.joined() == text)
        #expect(events.allSatisfy { $0.encoding == .utf8 })
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.next == $1.at })
    }
}
