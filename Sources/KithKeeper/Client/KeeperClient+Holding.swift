import CLinux
import Glibc
import KithAPI

/// Finding the keeper, starting it, keeping it.
extension KeeperClient {
    /// How often a start is tried: two daemons may race, an old keeper may be leaving.
    private static let attempts = 60

    /// A new connection to the keeper that is there.
    ///
    /// - Throws: ``KithError`` `unavailable`.
    func connect() throws(KithError) -> KeeperLink {
        let descriptor = kith_connect(place.descriptor, KeeperServer.socketName)
        guard descriptor >= 0 else { throw KithError(.unavailable, "There is no keeper.") }
        return try KeeperLink(descriptor, on: loop)
    }

    /// Asks the keeper, which is started if there is none, and the next one if it leaves.
    func ask(
        _ question: KeeperQuestion, with bytes: [UInt8] = []
    ) async throws -> (link: KeeperLink, answer: KeeperAnswer) {
        for _ in 0..<Self.attempts {
            try await hold()
            guard let link = try? connect() else {
                control = nil
                continue
            }
            do {
                return (link, try await link.ask(question, with: bytes))
            } catch let error as KithError where error.details == KithError.keeperLeaves.details {
                control = nil
            }
        }
        throw Self.noKeeper
    }

    /// Sees that there is a keeper and that it stays.
    func hold() async throws {
        guard control == nil else { return }
        guard !isClosed else { throw KithError(.unavailable, "This node is stopping.") }
        if let holding { return try await holding.value }
        let task = Task { try await establish() }
        holding = task
        defer { holding = nil }
        try await task.value
    }

    private func establish() async throws {
        for attempt in 0..<Self.attempts {
            if let link = try? connect(), try await take(link) { return }
            try await KeeperStart(program: program, folder: folder, limits: limits, scope: scope).run(on: loop)
            if attempt > 1 { await pause(.milliseconds(min(100, 5 * attempt))) }
        }
        throw Self.noKeeper
    }

    /// Whether this keeper is one to stay with: an idle one of another build is sent away.
    private func take(_ link: KeeperLink) async throws -> Bool {
        guard let answer = try? await link.ask(KeeperQuestion(.hold)) else { return false }
        isOutdated = answer.build != Build.text(of: program)
        if isOutdated, answer.running == 0 {
            await sendAway()
            return false
        }
        guard answer.version == KeeperQuestion.currentVersion else {
            throw KithError(
                .unavailable, "The keeper of jobs is of another version, and \(answer.running ?? 0) jobs run in it.",
                hint: "End them with `kith stop --jobs`.")
        }
        control = link
        await news.use(link)
        Task { await listen(to: link) }
        return true
    }

    private func sendAway() async {
        guard let link = try? connect() else { return }
        _ = try? await link.ask(KeeperQuestion(.leave))
        // It hangs up when it has let go of everything.
        while let frame = try? await link.receive() { _ = frame }
    }

    private func listen(to link: KeeperLink) async {
        let start = ContinuousClock.now
        while let answer = try? await link.answer() {
            if let record = answer.record { await news.add(record.record) }
            if isOutdated, answer.running == 0 { await sendAway() }
        }
        guard control === link else { return }
        control = nil
        // A keeper that we hold does not leave: it was killed. The next one says which jobs were lost.
        guard !isClosed, !isOutdated, start.duration(to: .now) > .seconds(1) else { return }
        try? await hold()
    }

    private func pause(_ delay: Duration) async {
        await withCheckedContinuation { continuation in
            _ = loop.schedule(after: delay) { continuation.resume() }
        }
    }

    private static let noKeeper = KithError(
        .unavailable, "No keeper of jobs could be started.", hint: "See `kith doctor`.")
}

extension KeeperLink {
    /// Asks, and takes the first answer.
    ///
    /// - Throws: what the keeper answers, or ``KithError`` `job.lost` when it has gone.
    func ask(_ question: KeeperQuestion, with bytes: [UInt8] = []) async throws -> KeeperAnswer {
        let opening = try Frame(.open, json: question)
        var message = opening.header + opening.payload
        var start = 0
        while start < bytes.count {
            let piece = Frame(.data, Array(bytes[start..<min(bytes.count, start + Frame.maximumPayload)]))
            message += piece.header + piece.payload
            start += piece.payload.count
        }
        try await send(message)
        return try await answer()
    }

    /// The next answer.
    ///
    /// - Throws: as ``ask(_:with:)``.
    func answer() async throws -> KeeperAnswer {
        guard let frame = try await receive() else { throw KithError.keeperIsGone }
        switch frame.kind {
        case .event, .end: return try JSON.decode(KeeperAnswer.self, from: frame.payload)
        case .failure: throw try JSON.decode(KithError.self, from: frame.payload)
        default: throw KithError(.protocolViolation, "The keeper sent a frame of kind \(frame.kind).")
        }
    }
}
