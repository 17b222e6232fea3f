import KithAPI

/// Tells a client when what it watches has changed, until it has heard enough.
///
/// The daemon has no feed of these yet, so it is asked every second, for as long as somebody listens.
enum Subscription {
    /// How many resources and tasks one subscription watches at most.
    static let maximumWatched = 64
    private static let interval = Duration.seconds(1)

    /// `subscriptions/listen`: acknowledges, then speaks until it is cancelled or the server stops.
    static func listen(_ errand: Errand) async throws -> MethodResult {
        guard let wanted = errand.request.params["notifications"]?.members else {
            throw RPCError.invalidParams("`notifications` must be an object.")
        }
        let uris = try texts(wanted, "resourceSubscriptions").filter {
            (try? ResourceShelf.Resource($0, at: errand.client.revision)) != nil
        }
        let tasks = errand.client.hasTasks ? try texts(wanted, "taskIds") : []
        let tag: [String: JSONValue] = [MetaKey.subscriptionID: errand.request.id.json]
        var accepted: [String: JSONValue] = [:]
        if wanted["resourceSubscriptions"] != nil {
            accepted["resourceSubscriptions"] = .array(uris.map(JSONValue.string))
        }
        if errand.client.hasTasks, wanted["taskIds"] != nil {
            accepted["taskIds"] = .array(tasks.map(JSONValue.string))
        }
        await errand.outlet.notify(
            "notifications/subscriptions/acknowledged", ["notifications": .object(accepted), "_meta": .object(tag)])
        var watch = Watch(uris: uris, tasks: tasks)
        try? await watch.run(errand) { method, params in
            await errand.outlet.notify(method, params.merging(["_meta": .object(tag)]) { $1 })
        }
        var end = MethodResult([:])
        end.meta = tag
        return end
    }

    private static func texts(_ wanted: [String: JSONValue], _ key: String) throws -> [String] {
        guard let list = wanted[key] else { return [] }
        guard let texts = list.elements?.compactMap(\.text), texts.count <= maximumWatched else {
            throw RPCError.invalidParams("`\(key)` must be a list of at most \(maximumWatched) texts.")
        }
        return texts
    }

    /// What is watched, and what it was when last seen.
    struct Watch {
        let uris: [String]
        var tasks: [String] = []
        private var seen: [String: JSONValue] = [:]

        init(uris: [String], tasks: [String] = []) {
            self.uris = uris
            self.tasks = tasks
        }

        /// Looks once a second and tells each change; returns by throwing when it is cancelled.
        mutating func run(_ errand: Errand, _ tell: (String, [String: JSONValue]) async -> Void) async throws {
            while true {
                for uri in uris where await hasChanged(uri, errand) {
                    await tell("notifications/resources/updated", ["uri": .string(uri)])
                }
                for id in tasks {
                    if let task = await change(of: id, errand) { await tell("notifications/tasks", task) }
                }
                try await Task.sleep(for: Subscription.interval)
            }
        }

        private mutating func hasChanged(_ uri: String, _ errand: Errand) async -> Bool {
            guard let now = await Self.fingerprint(of: uri, errand) else { return false }
            let before = seen.updateValue(now, forKey: uri)
            return before != nil && before != now
        }

        /// What a resource is, without what always changes; nil while nobody can say.
        private static func fingerprint(of uri: String, _ errand: Errand) async -> JSONValue? {
            guard let resource = try? ResourceShelf.Resource(uri, at: errand.client.revision) else { return nil }
            do {
                let bytes = try await ResourceShelf.bytes(of: resource, errand)
                return try JSONReader.value(of: bytes).without(["latency", "lastSeen", "uptime"])
            } catch let error as KithError where error.code == .notFound {
                return .null
            } catch {
                return nil
            }
        }

        private mutating func change(of id: String, _ errand: Errand) async -> [String: JSONValue]? {
            guard let (job, place) = try? await JobTask.find(id, errand) else { return nil }
            let state = JSONValue.string(job.state.rawValue)
            let before = seen.updateValue(state, forKey: id)
            guard before != state, before != nil || job.state != .running else { return nil }
            return try? await JobTask(job, at: place).detailed(errand)
        }
    }
}

extension JSONValue {
    /// The value without these members, at any depth.
    fileprivate func without(_ keys: Set<String>) -> JSONValue {
        switch self {
        case .array(let elements): .array(elements.map { $0.without(keys) })
        case .object(let members):
            .object(members.filter { !keys.contains($0.key) }.mapValues { $0.without(keys) })
        default: self
        }
    }
}
