import KithAPI

/// Tells a client when what it watches has changed, as the daemon's feeds say it, until it has heard enough.
enum Subscription {
    /// How many resources and tasks one subscription watches at most.
    static let maximumWatched = 64

    private typealias Watched = (uri: String, resource: ResourceShelf.Resource)

    /// `subscriptions/listen`: acknowledges, then speaks until it is cancelled or the server stops.
    static func listen(_ errand: Errand) async throws -> MethodResult {
        guard let wanted = errand.request.params["notifications"]?.members else {
            throw RPCError.invalidParams("`notifications` must be an object.")
        }
        let watched = try texts(wanted, "resourceSubscriptions").compactMap { uri -> Watched? in
            (try? ResourceShelf.watchable(uri, at: errand.client.revision)).map { (uri, $0) }
        }
        let tasks = errand.client.hasTasks ? try texts(wanted, "taskIds") : []
        let tag: [String: JSONValue] = [MetaKey.subscriptionID: errand.request.id.json]
        let tell: Tell = { method, params in
            await errand.outlet.notify(method, params.merging(["_meta": .object(tag)]) { $1 })
        }
        try? await watch(watched, tasks, errand, tell) {
            await tell("notifications/subscriptions/acknowledged", ["notifications": accepted(wanted, watched, tasks)])
        }
        var end = MethodResult([:])
        end.meta = tag
        return end
    }

    private typealias Tell = @Sendable (String, [String: JSONValue]) async -> Void

    /// Runs until it is cancelled; `acknowledge` comes first, and once nothing can be missed any more.
    private static func watch(
        _ watched: [Watched], _ tasks: [String], _ errand: Errand, _ tell: @escaping Tell,
        acknowledge: @Sendable () async -> Void
    ) async throws {
        let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
        let (never, end) = AsyncStream.makeStream(of: Void.self)
        defer { end.finish() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (uri, resource) in watched {
                let watch = ResourceWatch(resource, errand) {
                    await tell("notifications/resources/updated", ["uri": .string(uri)])
                }
                group.addTask { try await watch.run { isReady.yield() } }
            }
            var left = watched.count
            if left > 0 {
                for await _ in ready {
                    left -= 1
                    if left == 0 { break }
                }
            }
            try Task.checkCancellation()
            await acknowledge()
            for id in tasks { group.addTask { try await JobTaskWatch(id, errand).run(tell) } }
            // Jobs end; a subscription does not, before somebody ends it.
            group.addTask { for await _ in never {} }
            try await group.waitForAll()
        }
    }

    private static func accepted(
        _ wanted: [String: JSONValue], _ watched: [Watched], _ tasks: [String]
    ) -> JSONValue {
        var accepted: [String: JSONValue] = [:]
        if wanted["resourceSubscriptions"] != nil {
            accepted["resourceSubscriptions"] = .array(watched.map { .string($0.uri) })
        }
        if wanted["taskIds"] != nil, !tasks.isEmpty { accepted["taskIds"] = .array(tasks.map(JSONValue.string)) }
        return .object(accepted)
    }

    private static func texts(_ wanted: [String: JSONValue], _ key: String) throws -> [String] {
        guard let list = wanted[key] else { return [] }
        guard let texts = list.elements?.compactMap(\.text), texts.count <= maximumWatched else {
            throw RPCError.invalidParams("`\(key)` must be a list of at most \(maximumWatched) texts.")
        }
        return texts
    }
}
