import Glibc
import KithAPI
import KithKeeper

/// Joins a job and the frames of a client until one of them is done.
struct CommandStream: Sendable {
    /// How it came out.
    enum Outcome: Sendable {
        /// The process has ended, and all that it wrote was sent.
        case ended(ProcessEnd)
        /// The asking side hung up.
        case hungUp
        /// Only its link was lost, or the daemon stops.
        case linkLost
        /// It said what nobody may say here.
        case failed(KithError)
    }

    /// Input is acknowledged at least this often, in bytes.
    static let acknowledgement = 256 << 10

    let job: HeldJob
    let sandbox: SandboxProfile
    /// Set where the job was started with a leader: what ``join(from:leads:)`` follows.
    var leader: JobFollower?
    let inbox: Inbox
    let sender: FrameSender
    /// What happens when the client lets the job run on alone.
    var onDetach: @Sendable () async throws -> Void

    /// Passes bytes both ways from `cursor` on.
    ///
    /// - Parameter leads: Whether the process waits for this client.
    func join(from cursor: Int, leads: Bool) async throws -> Outcome {
        let follower = try await follower(from: cursor, leads: leads)
        defer { follower.cancel() }
        return await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await speak(follower) }
            group.addTask { await feed() }
            group.addTask { await listen() }
            defer { group.cancelAll() }
            return await group.next() ?? .linkLost
        }
    }

    private func follower(from cursor: Int, leads: Bool) async throws -> JobFollower {
        if let leader { return leader }
        return try await job.follow(from: cursor, leads: leads, keepsEnd: true)
    }

    // MARK: From the process

    private func speak(_ follower: JobFollower) async -> Outcome {
        do {
            while let passage = try await follower.nextPassage() {
                switch passage {
                case .frames(let frames): try await sender.pass(frames)
                case .event(.output(_, let output)): try await sender.send(output.frame)
                case .event(.gap(_, let to)): try await sender.say(CommandNews(cursor: to, gapEnd: to))
                case .event(.end(let end)): return .ended(end)
                }
            }
            return .linkLost
        } catch {
            return Self.outcome(of: error)
        }
    }

    // MARK: To the process

    /// Input and its end; waits while the command does not read.
    private func feed() async -> Outcome {
        var acknowledged = 0
        do {
            while let frame = try await inbox.nextInput() {
                guard let taken = try await take(frame), taken - acknowledged >= Self.acknowledgement else { continue }
                acknowledged = taken
                try await sender.say(CommandNews(inputTaken: taken))
            }
            return .hungUp
        } catch {
            return Self.outcome(of: error)
        }
    }

    /// - Returns: how much input was taken in all, where the frame brought some.
    private func take(_ frame: Frame) async throws -> Int? {
        switch frame.kind {
        case .data: return try await job.write(frame.payload)
        case .end:
            try await job.closeInput()
            return nil
        case .open, .extra, .failure, .event:
            throw KithError(.protocolViolation, "A frame of kind \(frame.kind) has no place in a running command.")
        }
    }

    /// Words, which wait for nothing.
    private func listen() async -> Outcome {
        do {
            while let frame = try await inbox.nextWord() { try await obey(try frame.decode(CommandWord.self)) }
            return .hungUp
        } catch {
            return Self.outcome(of: error)
        }
    }

    private func obey(_ word: CommandWord) async throws {
        if let signal = word.signal { try await job.signal(signal.number) }
        if let size = word.size { try await job.resize(size) }
        guard word.detaches == true else { return }
        try await onDetach()
        try await sender.say(CommandNews(jobID: job.id))
    }

    private static func outcome(of error: any Error) -> Outcome {
        let known = KithError(wrapping: error)
        switch known.code {
        case .linkLost: return .linkLost
        case .cancelled: return Task.isCancelled ? .linkLost : .hungUp
        default: return .failed(known)
        }
    }
}

extension Output {
    /// How it travels, which is how the keeper says it.
    fileprivate var frame: Frame { Frame(stream == .standardOutput ? .data : .extra, bytes) }
}

extension CommandSignal.Name {
    /// The number that the kernel knows it by.
    var number: Int32 {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .hangUp: SIGHUP
        case .quit: SIGQUIT
        case .kill: SIGKILL
        }
    }
}
