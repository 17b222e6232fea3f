import ArgumentParser
import KithAPI
import KithClient

/// Runs one command on several peers at the same time; each line of theirs has the peer's name before it.
struct ExecFanOut {
    /// How many run at the same time.
    private static let atOnce = 64

    /// What became of it on one peer, as a line of JSON.
    struct Outcome: Codable, Equatable {
        var peer: String
        var result: CommandResult?
        var error: KithError?
    }

    /// The job that it became on one peer, as a line of JSON.
    struct Started: Codable, Equatable {
        var peer: String
        var jobID: JobID
    }

    /// How it ended on one peer.
    private struct Ending {
        var peer: String
        var code: Int32
        var reason: String?

        init(_ peer: String, _ end: Int) {
            (self.peer, code) = (peer, ExitCode(remote: end).rawValue)
            if code != 0 { reason = "exit code \(code)" }
        }

        init(_ peer: String, _ error: KithError) {
            (self.peer, code, reason) = (peer, error.code.exitCode, error.message)
        }
    }

    let session: Session
    let peers: [String]

    /// Streams the command; answers the highest of all exit codes. It gets no input.
    func stream(_ request: StreamCommand) async throws -> ExitCode {
        let output = PrefixedOutput()
        return summary(try await each { peer in await stream(request, on: peer, output) }, "ended with 0")
    }

    /// Runs the command and says each outcome as a line of JSON, as it comes.
    func answer(_ request: RunCommand) async throws -> ExitCode {
        let endings = try await each { peer in
            var (outcome, ending) = (Outcome(peer: peer), Ending(peer, 0))
            do {
                let result = try await bound(request.timeoutSeconds, peer).keep {
                    try await session.client.call(request, on: .named(peer))
                }
                (outcome.result, ending) = (result, Ending(peer, result.exitCode))
            } catch {
                let failure = KithError(wrapping: error)
                (outcome.error, ending) = (failure, Ending(peer, failure))
            }
            try session.output.answer(try JSON.encode(outcome))
            return ending
        }
        return ExitCode(endings.map(\.code).max() ?? 0)
    }

    /// Starts the command as a job on each, and says the jobs' ids behind the peers' names, or as lines of JSON.
    func detach(_ request: KithAPI.StartCommand) async throws -> ExitCode {
        let started = try await each { peer in
            do {
                let job = try await session.client.call(request, on: .named(peer)).jobID
                try session.output.show(Started(peer: peer, jobID: job)) { "\($0.peer): \($0.jobID.text)" }
                return Ending(peer, 0)
            } catch {
                return Ending(peer, KithError(wrapping: error))
            }
        }
        return summary(started, "started it")
    }

    private func each(_ work: @escaping @Sendable (String) async throws -> Ending) async throws -> [Ending] {
        try await withThrowingTaskGroup(of: Ending.self) { group in
            var endings: [Ending] = []
            for (index, peer) in peers.enumerated() {
                if index >= Self.atOnce, let ending = try await group.next() { endings.append(ending) }
                group.addTask { try await work(peer) }
            }
            for try await ending in group { endings.append(ending) }
            return endings
        }
    }

    private func stream(_ request: StreamCommand, on peer: String, _ output: PrefixedOutput) async -> Ending {
        let ending: Ending
        do {
            let end = try await bound(request.timeoutSeconds, peer).keep {
                try await session.client.pipe(request, on: .named(peer)) { pipe in
                    try await pipe.send(Frame(.end))
                    return try await Self.follow(pipe, peer, output)
                }
            }
            ending = Ending(peer, end.exitCode)
        } catch {
            ending = Ending(peer, KithError(wrapping: error))
        }
        try? await output.finish(peer)
        return ending
    }

    private func bound(_ seconds: Double?, _ peer: String) -> StartBound {
        StartBound(seconds: seconds, of: session.client, on: .named(peer))
    }

    private static func follow(_ pipe: Duplex, _ peer: String, _ output: PrefixedOutput) async throws -> CommandEnd {
        while let frame = try await pipe.receive() {
            switch frame.kind {
            case .data: try await output.write(frame.payload, of: peer, to: .standardOutput)
            case .extra: try await output.write(frame.payload, of: peer, to: .standardError)
            case .end: return try frame.decode(CommandEnd.self)
            default: break
            }
        }
        throw KithError.linkLost("The link was lost before the command ended.")
    }

    /// Says for whom it did not go well.
    private func summary(_ endings: [Ending], _ verb: String) -> ExitCode {
        let places = Dictionary(peers.enumerated().map { ($1, $0) }) { $1 }
        let bad = endings.filter { $0.code != 0 }.sorted { places[$0.peer] ?? 0 < places[$1.peer] ?? 0 }
        guard !bad.isEmpty else { return .success }
        for ending in bad.prefix(20) { session.output.note("kith: \(ending.peer): \((ending.reason ?? "").escaped)") }
        session.output.note("kith: \(endings.count - bad.count) of \(endings.count) \(verb).")
        return ExitCode(bad.map(\.code).max() ?? 1)
    }
}

/// Lines of several peers, whole, each behind the name of its peer.
private actor PrefixedOutput {
    /// A line that is longer is cut in pieces.
    private static let longestLine = 64 << 10

    private var parts: [String: [UInt8]] = [:]

    func write(_ bytes: [UInt8], of peer: String, to descriptor: Descriptor) throws {
        let key = "\(descriptor.rawValue)\(peer)"
        var rest = (parts[key] ?? []) + bytes
        var lines: [UInt8] = []
        while let end = rest.firstIndex(of: 0x0A) ?? (rest.count > Self.longestLine ? Self.longestLine : nil) {
            lines += Array("\(peer): ".utf8) + rest[..<end] + [0x0A]
            rest = Array(rest[(rest[end] == 0x0A ? end + 1 : end)...])
        }
        parts[key] = rest
        if !lines.isEmpty { try descriptor.write(lines) }
    }

    /// That a peer says nothing more: what has no end yet gets one.
    func finish(_ peer: String) throws {
        for descriptor in [Descriptor.standardOutput, .standardError] {
            let rest = parts.removeValue(forKey: "\(descriptor.rawValue)\(peer)") ?? []
            if !rest.isEmpty { try descriptor.write(Array("\(peer): ".utf8) + rest + [0x0A]) }
        }
    }
}
