import KithAPI

/// Says when one resource has changed, from the feed of the daemon that knows it. Nothing is asked while nothing
/// happens; a daemon that is away is looked for ever more seldom.
actor ResourceWatch {
    /// How long to wait before a lost daemon is looked for again.
    private static let firstPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(10)

    private let resource: ResourceShelf.Resource
    private let errand: Errand
    private let changed: @Sendable () async -> Void
    private var ready: (@Sendable () async -> Void)?
    private var pause = firstPause
    /// What the feed said last, without what is different at every look.
    private var last: JSONValue?
    /// Up to which change of the entries all is known; 0 before the first.
    private var cursor: Int?
    private var hasBeenAway = false

    /// - Parameter changed: is told of each change.
    init(_ resource: ResourceShelf.Resource, _ errand: Errand, changed: @escaping @Sendable () async -> Void) {
        self.resource = resource
        self.errand = errand
        self.changed = changed
    }

    /// Watches until it is cancelled, or it is certain that there never will be anything.
    ///
    /// - Parameter ready: called once, when no later change can be missed, or the daemon is away.
    func run(ready: @escaping @Sendable () async -> Void) async throws {
        self.ready = ready
        while true {
            do {
                try await follow()
            } catch let error as KithError where [.requestInvalid, .denied].contains(error.code) {
                return await isReady()
            } catch {
                try Task.checkCancellation()
            }
            hasBeenAway = true
            await isReady()
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    private func isReady() async {
        guard let ready else { return }
        self.ready = nil
        await ready()
    }

    private func follow() async throws {
        switch resource {
        case .peers:
            try await errand.feed(WatchPeers()) { reply in
                await self.see(try JSONValue(encoding: reply).without(["latency", "lastSeen"]))
            }
        case .inbox:
            try await errand.feed(WatchInbox(agent: try await errand.ownAgent())) { news in
                await self.see(try JSONValue(encoding: news))
            }
        case .context(let key): try await follow(key)
        case .status: break
        }
    }

    /// The first line of each feed says how it is now.
    private func see(_ now: JSONValue) async {
        pause = Self.firstPause
        let before = last
        last = now
        await isReady()
        if before == nil ? hasBeenAway : before != now { await changed() }
    }

    /// The number of the key's last change is asked for first, so that the feed goes on exactly there.
    private func follow(_ key: String) async throws {
        if cursor == nil {
            cursor = try await latestChange(of: key)
            if hasBeenAway { await changed() }
        }
        pause = Self.firstPause
        await isReady()
        try await errand.feed(WatchContext(prefix: key, cursor: cursor)) { await self.take($0, of: key) }
    }

    private func latestChange(of key: String) async throws -> Int {
        do {
            return try await errand.ask(GetContextHistory(key: key)).entries.first?.cursor ?? 0
        } catch let error as KithError where error.code == .notFound {
            return 0
        }
    }

    private func take(_ change: ContextChange, of key: String) async {
        // What was forgotten before the first look is nothing new.
        let isNews = change.kind == .gap ? cursor != 0 : change.key == key
        cursor = change.cursor
        if isNews { await changed() }
    }
}

extension JSONValue {
    /// The value without these members, at any depth.
    func without(_ keys: Set<String>) -> JSONValue {
        switch self {
        case .array(let elements): .array(elements.map { $0.without(keys) })
        case .object(let members):
            .object(members.filter { !keys.contains($0.key) }.mapValues { $0.without(keys) })
        default: self
        }
    }
}
