import KithAPI
import KithExec
import Testing

/// The asking side of a stream.
struct StreamClient: Sendable {
    private let up = BoundedQueue<Frame>(limit: 4)
    private let down = BoundedQueue<Frame>(limit: 4)

    /// The end that the service holds.
    var serviceEnd: Duplex { Duplex(from: up, to: down) }

    func send(_ frame: Frame) async throws { try await up.push(frame) }

    func signal(_ name: CommandSignal.Name) async throws {
        try await send(try Frame(.event, json: CommandSignal(name)))
    }

    /// As when the asking side hangs up.
    func goAway() async { await up.finish() }

    /// As when the link breaks.
    func loseLink() async { await up.fail(KithError.linkLost("The link was lost.")) }

    static let violation = KithError(.protocolViolation, "The other side sent a frame of unknown kind 9.")

    /// As when a frame of an unknown kind came.
    func breakRules() async { await up.fail(Self.violation) }

    /// As when the connection cannot take more.
    func refuse() async { await down.finish() }

    func receive() async throws -> Frame? { try await down.next() }

    /// Takes frames until this text has come on either stream.
    @discardableResult
    func wait(for text: String) async throws -> String {
        var heard = ""
        while !heard.contains(text) {
            guard let frame = try await receive() else {
                throw KithError(.cancelled, "The stream ended after `\(heard)`.")
            }
            if frame.kind != .event { heard += String(decoding: frame.payload, as: UTF8.self) }
        }
        return heard
    }

    /// Everything that still comes; ends when ``refuse()`` was called.
    func rest() async throws -> (data: [UInt8], extra: [UInt8]) {
        var (data, extra): ([UInt8], [UInt8]) = ([], [])
        while let frame = try await receive() {
            if frame.kind == .data { data += frame.payload }
            if frame.kind == .extra { extra += frame.payload }
        }
        return (data, extra)
    }

    /// Streams a command while `body` plays the asking side; no more frames come once the command ended.
    func stream<Answer: Sendable>(
        _ request: StreamCommand, on service: ExecService, from caller: Caller = .owner,
        _ body: @Sendable (StreamClient) async throws -> Answer
    ) async throws -> (end: Result<CommandEnd, KithError>, answer: Answer) {
        async let end = outcome(request, on: service, from: caller)
        let answer = try await body(self)
        return (await end, answer)
    }

    private func outcome(_ request: StreamCommand, on service: ExecService, from caller: Caller) async -> Result<
        CommandEnd, KithError
    > {
        let result: Result<CommandEnd, KithError>
        do {
            result = .success(try await service.stream(request, over: serviceEnd, from: caller))
        } catch {
            result = .failure(KithError(wrapping: error))
        }
        await down.finish()
        return result
    }
}
