import KithAPI

/// One client on one pair of streams: which era it speaks, what is being served, what we asked it.
///
/// The first request decides: with the newer envelope, each request stands for itself; `initialize` opens
/// the older era, for good.
actor Conversation {
    private let server: MCPServer
    private let send: @Sendable ([UInt8]) async -> Void
    private let flight = InFlight()
    private let questions: ClientQuestions
    private var legacy: ClientFacts?
    private var watches: [String: Task<Void, Never>] = [:]

    init(_ server: MCPServer, send: @escaping @Sendable ([UInt8]) async -> Void) {
        self.server = server
        self.send = send
        questions = ClientQuestions(send: send)
    }

    /// Takes one line of the client.
    func receive(_ line: [UInt8]) async {
        do {
            switch try Message.read(line) {
            case .request(let request): await take(request)
            case .notification(let method, let params): await hear(method, params)
            case .response(let id, let answer): await questions.settle(id, answer)
            }
        } catch {
            await send(Envelope.error(error.error, to: error.id))
        }
    }

    /// A line that was longer than we read.
    func receiveTooLong() async {
        let limit = InputLines.maximum >> 20
        await send(Envelope.error(.invalidRequest("A message has at most \(limit) MiB."), to: nil))
    }

    /// The client has no more to say: what is being served has `grace` to end by itself, then as long to be ended.
    func close(grace: Duration) async {
        for watch in watches.values { watch.cancel() }
        await questions.close()
        await flight.endSubscriptions()
        await flight.waitUntilIdle(atMost: grace)
        await flight.cancelAll()
        await flight.waitUntilIdle(atMost: grace)
    }

    private func take(_ request: Request) async {
        do {
            let client = try facts(for: request)
            if request.method == "initialize" { return await greet(client, request) }
            if client.revision.isLegacy, let isDone = try watch(request, client) {
                if isDone { await confirm(request) }
                return
            }
            try await serve(request, client)
        } catch {
            await send(Envelope.error(error, to: await flight.isServing(request.id) ? nil : request.id))
        }
    }

    private func facts(for request: Request) throws(RPCError) -> ClientFacts {
        if request.method == "initialize" {
            guard legacy == nil else { throw .invalidRequest("This connection has been initialized.") }
            return try ClientFacts(initialize: request.params)
        }
        guard let legacy else { return try ClientFacts(modern: request) }
        guard !request.isModern else {
            throw .invalidRequest("This connection began with `initialize`; requests of the newer era need another.")
        }
        return legacy
    }

    private func greet(_ client: ClientFacts, _ request: Request) async {
        legacy = client
        await send(
            Envelope.result(ServerCard.greeting(client, watches: true).json(at: client.revision), to: request.id))
    }

    private func serve(_ request: Request, _ client: ClientFacts) async throws(RPCError) {
        let (server, flight, send) = (server, flight, send)
        let outlet = outlet(for: request, client)
        try await flight.begin(request.id, isListening: request.method == "subscriptions/listen") {
            await server.answer(request, for: client, over: outlet)
        } send: { answer in
            guard let answer else { return }
            await send(answer.bytes)
            await answer.afterwards?()
        }
    }

    /// What is said while a request is served stops with its cancellation.
    private func outlet(for request: Request, _ client: ClientFacts) -> Outlet {
        let (flight, send, questions) = (flight, send, questions)
        var outlet = Outlet { method, params in
            if await flight.isWanted(request.id) { await send(Envelope.notification(method, params)) }
        }
        if client.revision.isLegacy { outlet.ask = { try await questions.ask($0, $1) } }
        return outlet
    }

    private func hear(_ method: String, _ params: [String: JSONValue]) async {
        guard method == "notifications/cancelled", let id = RequestID(params["requestId"]) else { return }
        await flight.cancel(id)
    }
}

// MARK: - Subscriptions of the older era

extension Conversation {
    private func confirm(_ request: Request) async {
        await send(Envelope.result(.object([:] as [String: JSONValue]), to: request.id))
    }

    /// Begins or ends to watch a resource; nil for every other method, false where the answer comes once it is
    /// certain that nothing is missed from there on.
    private func watch(_ request: Request, _ client: ClientFacts) throws(RPCError) -> Bool? {
        guard ["resources/subscribe", "resources/unsubscribe"].contains(request.method) else { return nil }
        guard let uri = request.params["uri"]?.text else { throw .invalidParams("`uri` must be text.") }
        let resource = try ResourceShelf.watchable(uri, at: client.revision)
        guard request.method == "resources/subscribe" else {
            watches.removeValue(forKey: uri)?.cancel()
            return true
        }
        guard watches[uri] == nil else { return true }
        guard watches.count < Subscription.maximumWatched else {
            throw .invalidRequest("At most \(Subscription.maximumWatched) resources are watched at once.")
        }
        let errand = Errand(server: server, request: request, client: client, outlet: standing)
        watches[uri] = Task {
            let watch = ResourceWatch(resource, errand) {
                await errand.outlet.notify("notifications/resources/updated", ["uri": .string(uri)])
            }
            try? await watch.run { await self.confirm(request) }
        }
        return false
    }

    private var standing: Outlet {
        let send = send
        return Outlet { await send(Envelope.notification($0, $1)) }
    }
}
