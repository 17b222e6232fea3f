import KithAPI
import KithStore
import KithWire

extension Routes {
    /// Answers a call behind the claim that may cover it: a stale one is refused before anything happens.
    mutating func on<C: Call & Fenced>(
        _ type: C.Type, behind tasks: TaskStore,
        _ answer: @escaping @Sendable (C, Caller) async throws -> C.Reply
    ) {
        on(type) { request, caller in
            try await tasks.pass(request)
            return try await answer(request, caller)
        }
    }

    /// Answers a pipe behind the claim that may cover it.
    mutating func on<P: Pipe & Fenced>(
        _ type: P.Type, behind tasks: TaskStore,
        _ answer: @escaping @Sendable (P, Caller, Duplex) async throws -> P.End
    ) {
        on(type) { request, caller, duplex in
            try await tasks.pass(request)
            return try await answer(request, caller, duplex)
        }
    }
}
