import KithAPI
import Synchronization

/// The person at this side of a pairing, as the other end of a local pipe.
final class PairingPerson: Sendable {
    private let pipe: Duplex
    private let hasSeenDigits = Mutex(false)
    /// What the person says; at most eight answers wait.
    let answers = BoundedQueue<PairingAnswer>(limit: 8)
    private let preset: Mutex<GrantPreset?>

    /// A person with a pipe, who may have decided about the grants already.
    init(_ pipe: Duplex, preset: GrantPreset?) {
        self.preset = Mutex(preset)
        self.pipe = pipe
    }

    /// Shows a piece of news.
    func show(_ news: PairingNews) async throws {
        if news.digits != nil || news.digitCount != nil { hasSeenDigits.withLock { $0 = true } }
        try await pipe.send(Frame(.event, json: news))
    }

    /// Whether the exchange got as far as the digits.
    var wasShown: Bool { hasSeenDigits.withLock { $0 } }

    /// What the new peer is to get: as decided, or what pairing alone gives.
    var grants: GrantSet { (preset.withLock { $0 } ?? .standard).grants }

    /// Reads the person's answers until the pipe ends.
    func listen(to pipe: Duplex) async throws {
        while let frame = try await pipe.receive(), frame.kind == .event {
            let answer = try frame.decode(PairingAnswer.self)
            if let chosen = answer.preset { preset.withLock { $0 = chosen } }
            // After the end nobody listens any more; what ended it is about to be told.
            try? await answers.push(answer)
        }
        await answers.finish()
    }
}
