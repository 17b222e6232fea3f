import FoundationEssentials
import KithAPI
import KithClient

/// Leads a person through a pairing: the daemon's news and the typed lines meet in a ``PairingDialogue``.
struct PairingRun {
    let session: Session
    let input: StandardInput
    /// Whether standard output is for the secret alone.
    let printsSecretAlone: Bool
    /// Whether the secret is drawn as a QR code.
    let drawsSecret: Bool

    private enum Event {
        case news(PairingNews)
        case line(String?)
        case end(PairingResult)
        case failed(any Error)
    }

    /// Follows `request` to the new peer. Going away withdraws.
    func follow<P: Pipe>(_ request: P, _ dialogue: PairingDialogue) async throws where P.End == PairingResult {
        let end = try await session.client.pipe(request) { try await talk($0, dialogue) }
        if session.output.format == .people {
            let text =
                "Paired with \(end.peer.name) (id \(end.peer.id.short)).\n" + PeerView.grants(end.peer, at: Date())
            try say(text)
        }
    }

    private func talk(_ pipe: Duplex, _ dialogue: PairingDialogue) async throws -> PairingResult {
        var dialogue = dialogue
        let (events, source) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingOldest(256))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { await listen(pipe, source) }
            for await event in events {
                let actions: [PairingDialogue.Action]
                switch event {
                case .news(let news): actions = dialogue.receive(news)
                case .line(let line): actions = dialogue.receive(line: line)
                case .end(let end): return end
                case .failed(let error): throw error
                }
                for action in actions {
                    if try await perform(action, on: pipe) { group.addTask { source.yield(.line(await input.line())) } }
                }
            }
            throw CancellationError()
        }
    }

    /// Whether a line is wanted now.
    private func perform(_ action: PairingDialogue.Action, on pipe: Duplex) async throws -> Bool {
        switch action {
        case .say(let text): try say(text)
        case .hand(let secret) where drawsSecret: try QRCode.draw(secret)
        case .hand(let secret): if session.output.format == .people { try session.output.answer(secret) }
        case .ask(let text):
            try screen.write(Array(text.utf8))
            return true
        case .send(let answer):
            // That nobody takes it any more is not the news; why, the listener is about to hear.
            try? await pipe.send(Frame(.event, json: answer))
        }
        return false
    }

    /// Where the conversation is: standard output, unless that is for a program.
    private var screen: Descriptor {
        printsSecretAlone || session.output.format == .json ? .standardError : .standardOutput
    }

    private func say(_ text: String) throws { try screen.write(Array((text + "\n").utf8)) }

    private func listen(_ pipe: Duplex, _ source: AsyncStream<Event>.Continuation) async {
        do {
            while let frame = try await pipe.receive() {
                if session.output.format == .json, [.event, .end].contains(frame.kind) {
                    try session.output.answer(frame.payload)
                }
                switch frame.kind {
                case .event: source.yield(.news(try frame.decode(PairingNews.self)))
                case .end: return _ = source.yield(.end(try frame.decode(PairingResult.self)))
                default: break
                }
            }
        } catch {
            source.yield(.failed(error))
        }
    }
}
