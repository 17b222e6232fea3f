import FoundationEssentials
import GRDB
public import KithAPI

/// The context entries of this node.
///
/// The owner may ask anything. A peer needs `context.read` or `context.write` for the very key; what
/// it may not read looks like what is not there. Versions of a key rise by one with every change, and
/// go on rising when the key is forgotten and comes back, for the last 100,000 forgotten keys.
public struct ContextStore: Sendable {
    let store: Store
    let limits: ContextLimits

    init(_ store: Store, limits: ContextLimits = ContextLimits()) {
        self.store = store
        self.limits = limits
    }

    /// Stores a value; returns once it is on the disk. What stands before it as `fence` is checked in the same transaction.
    ///
    /// - Throws: `request.invalid` and `request.too_large` (key 1–512 bytes, value at most 1 MiB, at most
    ///   ten years to live), `denied`, `context.version` with the present version in its details (0: there
    ///   is none), `limited` at 100,000 entries or 1 GiB, for a peer at 10,000 entries or 64 MiB, or when too
    ///   much waits for the disk.
    public func set(
        _ request: SetContext, from caller: Caller, behind fence: TaskPass? = nil
    ) async throws -> ContextEntry {
        try ContextLimits.check(request)
        try checkWriting(request.key, caller)
        return try await write(bytes: request.value.utf8.count + request.key.utf8.count, as: caller) { table in
            try fence?.check(table.db)
            return try table.set(request)
        }
    }

    /// Reads one entry.
    ///
    /// - Throws: `not_found` also for what has expired and for what `caller` may not read.
    public func get(_ request: GetContext, from caller: Caller) async throws -> ContextEntry {
        try ContextLimits.check(key: request.key)
        guard mayRead(request.key, caller) else { throw ContextTable.absent(request.key) }
        let entry = try await read { try $0.entry(request.key) }
        guard let entry else { throw ContextTable.absent(request.key) }
        return entry
    }

    /// Lists what `caller` may read, by the bytes of the keys; a page ends at about 4 MiB of JSON as well.
    public func list(_ request: ListContext, from caller: Caller) async throws -> ListContext.Reply {
        try ContextLimits.check(request)
        let now = store.now()
        return try await read { table in
            try ContextPage.read(request, table) { caller.holds(.contextRead, on: $0, at: now) }
        }
    }

    /// Forgets an entry and answers with what it held; returns once that is on the disk.
    ///
    /// A caller that may write the key but not read it is answered with an empty value.
    /// - Throws: `not_found`, `denied`, `context.version` with the present version in its details.
    public func delete(_ request: DeleteContext, from caller: Caller) async throws -> ContextEntry {
        try ContextLimits.check(key: request.key)
        try ContextLimits.check(version: request.ifVersion)
        try checkWriting(request.key, caller)
        var entry = try await write(as: caller) { try $0.delete(request) }
        if !mayRead(request.key, caller) { entry.value = "" }
        return entry
    }

    /// Forgets everything that has expired, a thousand at a time, and returns how many that were.
    ///
    /// Expired entries are never seen anyway; sweeping gives their space back. The daemon calls it.
    public func sweep() async throws -> Int {
        var forgotten = 0
        while true {
            let count = try await write { try $0.sweep(1_000) }
            forgotten += count
            if count < 1_000 { return forgotten }
        }
    }

    func mayRead(_ key: String, _ caller: Caller) -> Bool {
        caller.holds(.contextRead, on: key, at: store.now())
    }

    private func checkWriting(_ key: String, _ caller: Caller) throws(KithError) {
        guard caller.holds(.contextWrite, on: key, at: store.now()) else {
            throw KithError(
                .denied, "You may not change `\(key)` here.", hint: "Ask the owner for `context.write` on it.")
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (ContextTable) throws -> Value
    ) async throws -> Value {
        try await store.read { [now = store.now, limits] db in
            try body(ContextTable(db: db, moment: Moment(now()), limits: limits, writer: ("", "node")))
        }
    }

    private func write<Value: Sendable>(
        bytes: Int = 0, as caller: Caller? = nil, _ body: @escaping @Sendable (ContextTable) throws -> Value
    ) async throws -> Value {
        let writer = Self.writer(caller)
        let value = try await store.writer.perform(bytes: bytes) { [now = store.now, limits] db in
            try body(ContextTable(db: db, moment: Moment(now()), limits: limits, writer: writer))
        }
        store.bells.ring(Self.topic)
        return value
    }

    static let topic = "context"

    private static func writer(_ caller: Caller?) -> (id: String, name: String) {
        switch caller {
        case .peer(let peer): (peer.id.text, peer.name.text)
        case .owner: ("", "owner")
        case nil: ("", "node")
        }
    }
}

extension Caller {
    /// Whether the caller may do this to `object`: the owner always, a peer by its grants.
    func holds(_ grant: Grant, on object: String, at now: Date) -> Bool {
        switch self {
        case .owner: true
        case .peer(let peer): peer.grants.allows(grant, on: object, at: now)
        }
    }
}
