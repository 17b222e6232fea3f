import KithAPI
import KithStore
import KithTrust
import Synchronization

/// Answers about messages: for the agents of this node through the local door, for nodes through the peer door.
final class MessageService: Sendable {
    let store: MessageStore
    private let agents: AgentStore
    private let directory: AgentDirectory
    private let postman: Postman
    private let book: TrustBook
    private let floods = Mutex<[PeerID: Flood]>([:])
    private let rates = Mutex<[PeerID: Int]>([:])

    init(
        store: MessageStore, agents: AgentStore, directory: AgentDirectory, postman: Postman, book: TrustBook
    ) {
        self.store = store
        self.agents = agents
        self.directory = directory
        self.postman = postman
        self.book = book
    }

    // MARK: For the agents of this node

    func send(_ request: SendMessage, from caller: Caller) async throws -> SendMessage.Reply {
        try caller.requireOwner("Sending a message")
        let sender = try await agents.find(request.agent).agent
        let resolution = try await recipients(of: request, from: sender)
        var request = request
        if request.to.isEmpty, let answered = request.replyTo {
            request.to = [try await store.record(answered).message.from]
        }
        let posted = try await store.post(try MessageDraft(request, from: sender, to: resolution.recipients))
        await postman.wake(posted.nodes, with: posted.letters)
        // The letter leaves before the answer is written: whoever waits for it waits longer. The courier takes two turns.
        if !posted.nodes.isEmpty { for _ in 0..<2 { await Task {}.value } }
        var whole = posted.reply
        whole.unreached = resolution.unreached
        return whole
    }

    private func recipients(of request: SendMessage, from sender: AgentName) async throws -> AgentDirectory.Resolution {
        if request.to.isEmpty, let answered = request.replyTo {
            return AgentDirectory.Resolution(recipients: [try await store.sender(of: answered)])
        }
        guard !request.to.isEmpty else {
            throw KithError(
                .requestInvalid, "The message has no recipient.",
                hint: "Name one in `to`, or answer one with `replyTo`.")
        }
        return try await directory.resolve(request.to, except: sender)
    }

    func inbox(_ request: ReadInbox, from caller: Caller) async throws -> ReadInbox.Reply {
        try caller.requireOwner("The inbox")
        return try await store.inbox(request, of: try await agents.find(request.agent).agent)
    }

    func wait(_ request: WaitForMessage, from caller: Caller) async throws -> ReadInbox.Reply {
        try caller.requireOwner("The inbox")
        let seconds = request.seconds ?? 25
        guard (0...50).contains(seconds) else {
            throw KithError(.requestInvalid, "`seconds` must be between 0 and 50.", hint: "Wait again afterwards.")
        }
        let agent = try await agents.find(request.agent).agent
        let deadline = ContinuousClock.now + Duration(seconds: seconds)
        while true {
            let reader = try store.reader(request, of: agent)
            let (page, due) = try await store.news(for: reader)
            guard page.entries.isEmpty else { return page }
            let next = due.map { ContinuousClock.now + Duration(seconds: max($0, 0.001)) }
            if case .page(let page) = await news(for: reader, until: min(deadline, next ?? deadline)) { return page }
            try Task.checkCancellation()
            guard ContinuousClock.now < deadline else { return page }
        }
    }

    /// The timer is an event loop's own: a task that sleeps wakes two threads, even if it is not needed.
    private func news(for reader: InboxReader, until moment: ContinuousClock.Instant) async -> InboxReader.News {
        let callOff = EventLoopExecutor.schedule(in: moment - .now) { [store] in store.dismiss(reader) }
        defer { callOff() }
        return await withTaskCancellationHandler {
            await reader.news()
        } onCancel: {
            store.dismiss(reader)
        }
    }

    /// The bell is hung before the first look, so that nothing slips in between.
    func watch(
        _ request: WatchInbox, from caller: Caller, write: @escaping @Sendable (InboxNews) async throws -> Void
    ) async throws {
        try caller.requireOwner("The inbox")
        let agent = try await agents.find(request.agent).agent
        let bell = try store.bell(agent)
        var last = try await store.standing(of: agent)
        try await write(last)
        for await _ in bell {
            let now = try await store.standing(of: agent)
            guard now != last else { continue }
            last = now
            try await write(now)
        }
    }

    func see(_ request: SeeMessages, from caller: Caller) async throws -> MarkedMessages {
        try await mark(request.messages, request.agent, .surfaced, caller)
    }

    func ack(_ request: AckMessages, from caller: Caller) async throws -> MarkedMessages {
        try await mark(request.messages, request.agent, .acked, caller)
    }

    private func mark(_ messages: [MessageID], _ agent: AgentName?, _ state: DeliveryState, _ caller: Caller)
        async throws -> MarkedMessages
    {
        try caller.requireOwner("The inbox")
        let agent = try await agents.find(agent).agent
        return await tell(try await store.mark(messages, of: agent, as: state))
    }

    func nack(_ request: NackMessages, from caller: Caller) async throws -> MarkedMessages {
        try caller.requireOwner("The inbox")
        return await tell(try await store.putBack(request, of: try await agents.find(request.agent).agent))
    }

    func thread(_ request: ReadThread, from caller: Caller) async throws -> ReadThread.Reply {
        try caller.requireOwner("A conversation")
        return try await store.thread(request)
    }

    func list(_ request: ListMessages, from caller: Caller) async throws -> ListMessages.Reply {
        try caller.requireOwner("A list of messages")
        return try await store.list(request)
    }

    func status(_ request: GetMessage, from caller: Caller) async throws -> MessageRecord {
        try caller.requireOwner("A message")
        return try await store.record(request.message)
    }

    func policy(_ request: SetMessagePolicy) async throws -> SetMessagePolicy.Reply {
        let peer = try request.peer.map { try book.find($0).id }
        let rules = try await store.policy(request, peer: peer)
        floods.withLock { $0 = [:] }
        rates.withLock { $0 = [:] }
        return SetMessagePolicy.Reply(rules: rules)
    }

    func release(_ request: ReleaseMessages) async throws -> MarkedMessages {
        await tell(try await store.release(request))
    }

    private func tell(_ change: MessageStore.Change) async -> MarkedMessages {
        await postman.noteReceipts(for: change.nodes)
        return MarkedMessages(changed: change.count)
    }

    /// Moves on what has expired, and forgets what is old.
    func sweep() async throws { _ = await tell(try await store.sweep()) }

    /// Sends what the node itself has to say; the key makes that once.
    func announce(_ text: String, to poster: MessageDraft.Recipient, key: String, task: TaskID) async throws {
        let request = SendMessage(
            to: [poster.agent.text], body: text, kind: .notice, ack: AckWish.none, idempotencyKey: key, task: task)
        let posted = try await store.post(
            try MessageDraft(request, from: AgentName(nearest: "kith"), to: [poster]))
        await postman.wake(posted.nodes, with: posted.letters)
    }

    // MARK: For nodes

    /// When a peer may try again if there is no room: the sweep makes some once a minute.
    private static let secondsWhenFull = 60

    func deliver(_ request: DeliverMessages, from caller: Caller) async throws -> DeliverMessages.Reply {
        let peer = try caller.requirePeer()
        guard request.letters.count <= 1_000, request.stream.utf8.count <= 64 else {
            throw KithError(.requestTooLarge, "At most 1,000 letters come at once.")
        }
        let (letters, retryAfter) = try await admit(request.letters, from: peer.id)
        let (outcomes, isFull) = try await store.receive(letters, stream: request.stream, from: peer.id)
        return DeliverMessages.Reply(outcomes: outcomes, retryAfter: isFull ? Self.secondsWhenFull : retryAfter)
    }

    private func admit(_ letters: [Letter], from peer: PeerID) async throws -> ([Letter], Int?) {
        let count = letters.reduce(0) { $0 + $1.recipients.count }
        let (admitted, retryAfter) = try await admit(count, from: peer)
        return (Self.first(admitted, of: letters), retryAfter)
    }

    /// How many of `count` messages, or pieces of long ones, a peer may send now.
    private func admit(_ count: Int, from peer: PeerID) async throws -> (admitted: Int, retryAfter: Int?) {
        let perMinute = try await rate(of: peer)
        guard perMinute > 0 else { return (count, nil) }
        return floods.withLock { floods in
            floods[peer, default: Flood(perMinute: perMinute, now: .now)]
                .admit(count, perMinute: perMinute, now: .now)
        }
    }

    /// How many a minute; asked of the store again after a rule was changed.
    private func rate(of peer: PeerID) async throws -> Int {
        if let known = rates.withLock({ $0[peer] }) { return known }
        let perMinute = try await store.perMinute(peer)
        rates.withLock { $0[peer] = perMinute }
        return perMinute
    }

    /// The letters for the first so many recipients.
    static func first(_ count: Int, of letters: [Letter]) -> [Letter] {
        var left = count
        var kept: [Letter] = []
        for letter in letters where left > 0 {
            var letter = letter
            letter.recipients = Array(letter.recipients.prefix(left))
            left -= letter.recipients.count
            kept.append(letter)
        }
        return kept
    }

    func take(_ request: ReturnReceipts, from caller: Caller) async throws -> MarkedMessages {
        let peer = try caller.requirePeer()
        guard request.receipts.count <= 1_000 else {
            throw KithError(.requestTooLarge, "At most 1,000 receipts come at once.")
        }
        return MarkedMessages(changed: try await store.take(request.receipts, from: peer.id))
    }

    func blob(_ request: StoreBlob, from caller: Caller) async throws -> StoreBlob.Reply {
        let peer = try caller.requirePeer()
        if let seconds = try await admit(1, from: peer.id).retryAfter {
            throw KithError(.limited, "Too many messages come from you.", hint: "Try again in \(seconds) s.")
        }
        return StoreBlob.Reply(received: try await store.add(request, from: peer.id))
    }
}
