import KithAPI
import KithTrust
import NIOCore

/// Does what a pairing machine says, over one TLS connection and with one person.
struct PairingConversation: Sendable {
    /// How one side differs from the other.
    struct Side: Sendable {
        /// Nobody else may come: the person is heard from the start, not only once the digits stand.
        var isAlone = false
        /// Asks for the invitation.
        var claim: @Sendable () async -> InviteClaim = { .closed }
        /// Approves by itself: the other side's key was named beforehand.
        var approvesItself = false
        /// Takes the place of a known peer of the same name.
        var replaces = false
        /// What the peer gets where no person is asked.
        var grants: GrantSet?
    }

    let stream: PairingStream
    let certificate: Certificate
    /// The host of the other side, to which its own port is added.
    let host: String
    let person: PairingPerson
    let book: TrustBook
    let side: Side

    private let events = BoundedQueue<PairingEvent>(limit: 8)
    /// Ends when the person's words are for this conversation: several may be open, and one gets to the digits.
    private let turn = BoundedQueue<Never>(limit: 1)

    /// Runs the machine to its end, then closes the connection.
    ///
    /// - Throws: the reason why the pin could not be stored, if it was that.
    func run(_ machine: some PairingMachine) async throws -> KithTrust.PairingEnd {
        book.pairings.begin(certificate.id)
        defer { book.pairings.end(certificate.id) }
        return try await stream.executeThenClose { inbound, outbound in
            // Reading goes on while the connection closes, or TLS would wait 5 s for the other side's goodbye.
            async let reading: Void = read(inbound)
            let end: Result<KithTrust.PairingEnd, any Error>
            do { end = .success(try await converse(machine, outbound)) } catch { end = .failure(error) }
            await events.finish()
            stream.channel.close(promise: nil)
            await reading
            return try end.get()
        }
    }

    private func converse(
        _ machine: some PairingMachine, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws -> KithTrust.PairingEnd {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await hear() }
            defer { group.cancelAll() }
            if side.isAlone { await turn.finish() }
            let timer = PairingClock(events)
            defer { timer.stop() }
            return try await drive(machine, outbound, timer)
        }
    }

    private func drive(
        _ machine: some PairingMachine, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, _ timer: PairingClock
    ) async throws -> KithTrust.PairingEnd {
        var machine = machine
        var trouble: (any Error)?
        var next: PairingEvent? = .connected
        while let event = next {
            var reports = [event]
            while !reports.isEmpty {
                for action in machine.receive(reports.removeFirst()) {
                    switch action {
                    case .send(let bytes): try? await outbound.write(ByteBuffer(bytes: bytes))
                    case .startTimer(let kind): timer.start(kind)
                    case .end(let end):
                        if let trouble { throw trouble }
                        return end
                    default:
                        do {
                            if let report = try await perform(action) { reports.append(report) }
                        } catch {
                            trouble = error
                            reports.append(.pinFailed)
                        }
                    }
                }
            }
            next = try await events.next()
        }
        throw CancellationError()
    }

    /// Performs what needs a person, an invitation or the disk; answers with what is to be reported.
    private func perform(_ action: PairingAction) async throws -> PairingEvent? {
        switch action {
        case .claimInvite:
            return .claimed(await side.claim())
        case .askForDigits(let meta, let count):
            await turn.finish()
            try refuseClash(with: meta)
            try await person.show(
                PairingNews(
                    .typeDigits, digitCount: count, peerName: meta.name, peerID: meta.id, message: Self.asks(meta)))
        case .askForApproval(let meta, let code):
            try await person.show(
                PairingNews(
                    .showDigits, digits: code.text, peerName: meta.name, peerID: meta.id, message: Self.asks(meta)))
            if side.approvesItself { return .approved }
        case .storePin(let meta):
            await turn.finish()
            let pin = NewPin(
                certificate: certificate, name: meta.name, grants: side.grants ?? person.grants,
                addresses: Address(host: host, port: meta.port).map { [$0] } ?? [])
            _ = try await book.addPending(pin, ifNameIsTaken: side.replaces ? .replace : .refuse)
            try await person.show(PairingNews(.waiting, peerName: meta.name, peerID: meta.id))
            return .pinStored
        case .activatePin(let id):
            try await book.activate(id)
            return .pinActivated
        case .dropPin(let id):
            try await book.dropPending(id)
        case .send, .startTimer, .end:
            break
        }
        return nil
    }

    /// Before people compare anything: a name that belongs to another key here is not given twice.
    private func refuseClash(with meta: PairingMeta) throws(KithError) {
        guard let known = book.clash(with: certificate.id, name: meta.name) else { return }
        throw KithError(
            .peerIdentityChanged,
            "A machine came that calls itself \(meta.name), but \(known.name) has another key here.",
            hint: "If \(known.name) was set up anew: `kith peers remove \(known.name)`, then invite again. If it is "
                + "another machine, give it another name.")
    }

    private static func asks(_ meta: PairingMeta) -> String? {
        meta.asks.isEmpty ? nil : "It asks for: \(meta.asks.joined(separator: ", "))."
    }

    private func read(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async {
        do {
            for try await buffer in inbound { try await events.push(.received(Array(buffer: buffer))) }
        } catch {
            // However the connection ended, the machine hears the same.
        }
        try? await events.push(.disconnected)
    }

    private func hear() async {
        _ = try? await turn.next()
        guard !Task.isCancelled else { return }
        while let answer = try? await person.answers.next() {
            if answer.approve == false {
                try? await events.push(.refused)
            } else if let code = answer.code {
                try? await events.push(.typed(code))
            } else if answer.approve == true {
                try? await events.push(.approved)
            }
        }
        guard !Task.isCancelled else { return }
        try? await events.push(.refused)
    }
}

/// The one timer of a pairing.
private final class PairingClock {
    private let events: BoundedQueue<PairingEvent>
    private var task: Task<Void, Never>?

    init(_ events: BoundedQueue<PairingEvent>) { self.events = events }

    func start(_ timer: PairingTimer) {
        task?.cancel()
        let events = events
        // A task of its own, because the next timer replaces it.
        task = Task {
            guard (try? await Task.sleep(for: timer.duration)) != nil else { return }
            try? await events.push(.timePassed(timer))
        }
    }

    func stop() { task?.cancel() }
}
