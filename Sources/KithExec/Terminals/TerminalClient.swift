import KithAPI
import KithKeeper

/// Joins a terminal and the frames of one client until either is done.
struct TerminalClient: Sendable {
    /// How it came out.
    enum Outcome: Sendable {
        case ended(ProcessEnd)
        /// The client hung up.
        case left
        /// Its link or the keeper was lost, or it said what nobody may say here.
        case failed(KithError)
    }

    let job: HeldJob
    let inbox: Inbox
    let sender: FrameSender

    /// Passes bytes both ways.
    func run(_ attachment: TerminalAttachment) async -> Outcome {
        defer { attachment.cancel() }
        return await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await speak(attachment) }
            group.addTask { await listen(attachment, inbox.nextInput) }
            group.addTask { await listen(attachment, inbox.nextWord) }
            defer { group.cancelAll() }
            return await group.next() ?? .left
        }
    }

    private func speak(_ attachment: TerminalAttachment) async -> Outcome {
        do {
            while let event = try await attachment.next() {
                switch event {
                case .output(let bytes): try await sender.send(Frame(.data, bytes))
                case .end(let end): return .ended(end)
                }
            }
            return .left
        } catch {
            return Self.outcome(of: error)
        }
    }

    private func listen(
        _ attachment: TerminalAttachment, _ next: @Sendable () async throws -> Frame?
    ) async -> Outcome {
        do {
            while let frame = try await next() {
                switch frame.kind {
                case .data: try await attachment.write(frame.payload)
                case .event: try await obey(try frame.decode(CommandWord.self), attachment)
                case .end: continue
                case .open, .extra, .failure:
                    throw KithError(.protocolViolation, "A frame of kind \(frame.kind) has no place in a terminal.")
                }
            }
            return .left
        } catch {
            return Self.outcome(of: error)
        }
    }

    private func obey(_ word: CommandWord, _ attachment: TerminalAttachment) async throws {
        if let size = word.size { try await attachment.resize(size) }
    }

    private static func outcome(of error: any Error) -> Outcome {
        let known = KithError(wrapping: error)
        return known.code == .cancelled ? .left : .failed(known)
    }
}
