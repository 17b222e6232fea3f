import KithAPI
import KithDiscovery
import KithStore
import KithTrust
import KithWire

/// Brings messages and receipts to other nodes: one courier per node at a time, in order, again and again until the
/// node has said what became of them. Nothing runs while there is nothing to bring.
actor Postman {
    /// What is next to be done about a node.
    private enum Errand {
        case walk(PeerID, with: Letter?)
        case rest(PeerID, Duration, number: Int)
        case linger(PeerID)
    }

    /// Why a courier has stopped for now.
    private enum Rest {
        case nothingLeft
        case pause(Duration)
    }

    private let store: MessageStore
    private let client: PeerClient
    private let roster: Roster
    /// Whether a node was unpaired for good. One that is merely unknown may be a worker of whom its parent has not told yet.
    private let isGone: @Sendable (PeerID) -> Bool
    private var backoffs: [PeerID: Backoff] = [:]
    private var onTheWay: Set<PeerID> = []
    private var calledAgain: Set<PeerID> = []
    private var limited: Set<PeerID> = []
    /// Up to which number everything has been brought and settled: a letter with the next one need not be looked for.
    private var settled: [PeerID: Int] = [:]
    /// The nodes to which receipts go in a moment.
    private var lingering: Set<PeerID> = []
    /// The nodes that are left alone for a while, each with the number of its rest.
    private var resting: [PeerID: Int] = [:]
    private var rests = 0
    private var stream: String?
    private let errands: AsyncStream<Errand>
    private let send: AsyncStream<Errand>.Continuation

    /// Letters in one parcel, and receipts; seconds that a node has for an answer.
    private static let letters = 100
    private static let receipts = 500
    private static let seconds = 15.0
    /// How long receipts wait for others that are to go the same way: nobody is kept waiting by them.
    private static let moment = Duration.milliseconds(10)
    /// Bytes of a long text in one piece.
    private static let piece = 512 << 10

    init(
        store: MessageStore, client: PeerClient, roster: Roster, isGone: @escaping @Sendable (PeerID) -> Bool
    ) {
        self.isGone = isGone
        self.store = store
        self.client = client
        self.roster = roster
        (errands, send) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(8_192))
    }

    /// That there are letters for these nodes. One that is left alone is visited when its rest is over.
    func wake(_ nodes: [PeerID], with letters: [PeerID: Letter] = [:]) {
        for node in nodes where resting[node] == nil { start(node, with: letters[node]) }
    }

    /// That there are receipts for these nodes.
    func noteReceipts(for nodes: [PeerID]) {
        for node in nodes where resting[node] == nil && lingering.insert(node).inserted { send.yield(.linger(node)) }
    }

    /// Brings what there is until cancelled; what lay there before the start goes first.
    func run() async throws {
        wake(try await store.nodesToTell())
        await withDiscardingTaskGroup { group in
            group.addTask { await self.followRoster() }
            for await errand in errands { group.addTask { await self.run(errand) } }
            group.cancelAll()
        }
    }

    private func run(_ errand: Errand) async {
        switch errand {
        case .walk(let node, let letter): await walk(to: node, with: letter)
        case .linger(let node):
            try? await Task.sleep(for: Self.moment)
            lingering.remove(node)
            if !Task.isCancelled { wake([node]) }
        case .rest(let node, let pause, let number):
            try? await Task.sleep(for: pause)
            if !Task.isCancelled, resting[node] == number { start(node) }
        }
    }

    /// That a node may be somewhere else now: if something waits for it, it is visited at once.
    func look(at node: PeerID) {
        if backoffs[node] != nil { start(node) }
    }

    private func start(_ node: PeerID, with letter: Letter? = nil) {
        resting[node] = nil
        guard onTheWay.insert(node).inserted else {
            calledAgain.insert(node)
            return
        }
        send.yield(.walk(node, with: letter.flatMap { isNext($0, to: node) ? $0 : nil }))
    }

    private func isNext(_ letter: Letter, to node: PeerID) -> Bool {
        guard let last = settled[node], letter.recipients.count <= Self.letters else { return false }
        return letter.recipients.first?.sequence == last + 1
    }

    /// A peer that comes back is visited at once, if something waits for it.
    private func followRoster() async {
        for await change in await roster.changes() {
            guard case .changed(let presence) = change, presence.state.isOnline, backoffs[presence.id] != nil else {
                continue
            }
            start(presence.id)
        }
    }

    private func walk(to node: PeerID, with letter: Letter?) async {
        var rest = Rest.nothingLeft
        var letter = letter
        repeat {
            calledAgain.remove(node)
            rest = await visit(node, with: letter)
            letter = nil
        } while calledAgain.contains(node) && isOver(rest)
        if !isOver(rest) { settled[node] = nil }
        onTheWay.remove(node)
        guard case .pause(let pause) = rest else { return }
        rests += 1
        resting[node] = rests
        // Somebody called meanwhile, perhaps the roster because the node is back: then it is not left alone for long.
        send.yield(.rest(node, calledAgain.contains(node) ? min(pause, .seconds(1)) : pause, number: rests))
    }

    private func isOver(_ rest: Rest) -> Bool {
        guard case .nothingLeft = rest else { return false }
        return true
    }

    /// Brings everything that there is for a node, parcel by parcel; a letter that is known to be all of it, at once.
    private func visit(_ node: PeerID, with letter: Letter?) async -> Rest {
        var size = Self.letters
        var known = letter.map { MessageStore.Parcel(of: $0) }
        while !Task.isCancelled {
            do {
                let parcel = try await parcel(to: node, known, size)
                known = nil
                if !parcel.letters.isEmpty, let pause = try await bring(parcel.letters, to: node) {
                    return .pause(pause)
                }
                if !parcel.receipts.isEmpty { try await bring(parcel.receipts, to: node) }
                backoffs[node] = nil
                // Whoever writes while a courier is on its way calls it again.
                guard parcel.hasMore else { return .nothingLeft }
            } catch {
                guard let pause = await failed(node, KithError(wrapping: error), size) else {
                    size = 1
                    continue
                }
                return pause
            }
        }
        return .nothingLeft
    }

    private func parcel(to node: PeerID, _ known: MessageStore.Parcel?, _ size: Int) async throws -> MessageStore.Parcel
    {
        if let known { return known }
        return try await store.parcel(to: node, letters: size, receipts: Self.receipts)
    }

    /// Brings letters; a pause if the node wants to be left alone for a while.
    private func bring(_ letters: [Letter], to node: PeerID) async throws -> Duration? {
        for hash in Set(letters.compactMap(\.blob)) { try await bringText(hash, to: node) }
        let request = DeliverMessages(stream: try await ownStream(), letters: letters)
        let reply = try await client.call(request, on: node.text, seconds: Self.seconds)
        let count = letters.reduce(0) { $0 + $1.recipients.count }
        guard reply.outcomes.count == count || reply.retryAfter != nil else {
            throw KithError(.protocolViolation, "It does not say what became of every message.")
        }
        try await store.settle(reply.outcomes, from: node)
        settled[node] = letters.last?.recipients.last?.sequence
        guard let seconds = reply.retryAfter else {
            limited.remove(node)
            return nil
        }
        let reason = "it takes no more for now; tried again in \(seconds) s"
        try await store.delay(node, reason, notice: limited.insert(node).inserted)
        var backoff = backoffs[node] ?? Backoff()
        return backoff.receive(.told(seconds: seconds), jitter: .random(in: 0..<1))
    }

    private func bringText(_ hash: String, to node: PeerID) async throws {
        let bytes = try await store.blob(hash)
        var offset = 0
        while offset < bytes.count {
            let piece = Data64.text(of: bytes[offset..<min(offset + Self.piece, bytes.count)])
            let request = StoreBlob(hash: hash, size: bytes.count, offset: offset, piece: piece)
            let received = try await client.call(request, on: node.text, seconds: Self.seconds).received
            guard received > offset else { throw KithError(.protocolViolation, "The text does not arrive.") }
            offset = received
        }
    }

    private func bring(_ receipts: [Receipt], to node: PeerID) async throws {
        _ = try await client.call(ReturnReceipts(receipts: receipts), on: node.text, seconds: Self.seconds)
        try await store.receiptsTaken(receipts)
    }

    /// The name of this node's numbering; it never changes while the database is open.
    private func ownStream() async throws -> String {
        if let stream { return stream }
        let name = try await store.stream()
        stream = name
        return name
    }

    /// What an error means: a pause, the end of the errand, or nil to try letter by letter.
    private func failed(_ node: PeerID, _ error: KithError, _ size: Int) async -> Rest? {
        switch error.code {
        case .peerUnknown where isGone(node):
            try? await store.giveUp(on: node, as: .dead, "its node is no longer paired with this one")
            return .nothingLeft
        case .denied:
            try? await store.giveUp(on: node, as: .refused, "its node does not let this one send messages")
            return .nothingLeft
        case .requestInvalid, .requestTooLarge, .capabilityUnknown, .fileChecksum:
            guard size == 1 else { return nil }
            await giveUpFirst(node, error.message)
            return .pause(.seconds(1))
        default:
            var backoff = backoffs[node] ?? Backoff()
            let pause = backoff.receive(.failed, jitter: .random(in: 0..<1)) ?? .seconds(1)
            backoffs[node] = backoff
            try? await store.delay(node, error.message, notice: false)
            return .pause(pause)
        }
    }

    private func giveUpFirst(_ node: PeerID, _ reason: String) async {
        guard let letter = try? await store.parcel(to: node, letters: 1, receipts: 0).letters.first else { return }
        let outcomes = letter.recipients.map { LetterOutcome(sequence: $0.sequence, state: .dead, reason: reason) }
        try? await store.settle(outcomes, from: node)
    }
}
