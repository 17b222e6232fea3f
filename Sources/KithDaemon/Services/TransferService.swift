import KithAPI
import KithFiles
import KithStore
import KithWire

/// Sends files of this machine to a peer, and fetches files of a peer: our file service at one end of a
/// pipe, the peer's at the other.
struct TransferService: Sendable {
    let files: FileService
    let client: PeerClient
    /// The claims that may cover what is sent to this machine itself.
    let tasks: TaskStore

    /// Sends what `request` names. `report` hears of everything, at last of the summary.
    ///
    /// - Throws: what ended the transfer; `file.io` if nothing at all was sent.
    func send(_ request: SendFiles, report: @escaping @Sendable (TransferEvent) async throws -> Void) async throws {
        try Self.check(request.sources)
        guard request.sources.count == 1 || request.destination.hasSuffix("/") else {
            throw KithError(
                .requestInvalid, "Several sources need a folder to go into.",
                hint: "End it with `/`: `\(request.destination)/`.")
        }
        let opening = PutFiles(destination: request.destination, isDryRun: request.isDryRun)
            .behind(request.task, token: request.token)
        let talk: @Sendable (Duplex) async throws -> TransferSummary = { pipe in
            try await files.send(request, over: pipe, report: report)
        }
        let summary =
            PeerName.isThisNode(request.peer)
            ? try await here(serve: { try await put(opening, over: $0) }, talk: talk)
            : try await client.pipe(opening, on: request.peer, talk)
        try Self.requireSuccess(summary)
    }

    /// Fetches what `request` names, as ``send(_:report:)``.
    func pull(_ request: PullFiles, report: @escaping @Sendable (TransferEvent) async throws -> Void) async throws {
        try Self.check(request.sources)
        let opening = GetFiles(paths: request.sources, wantsTotal: request.wantsTotal)
        let talk: @Sendable (Duplex) async throws -> TransferSummary = { pipe in
            try await files.receive(request, over: pipe, report: report)
        }
        let summary =
            PeerName.isThisNode(request.peer)
            ? try await here(serve: { try await files.get(opening, over: $0, from: .owner) }, talk: talk)
            : try await client.pipe(opening, on: request.peer, talk)
        try Self.requireSuccess(summary)
    }

    /// The last line has told it all; this is for the audit, which must not call it a success.
    private static func requireSuccess(_ summary: TransferSummary) throws {
        guard summary.entries == 0, summary.unchanged == 0, summary.failures > 0 else { return }
        throw KithError(.fileIO, "Nothing was transferred: \(summary.failures) failed.")
    }

    private static func check(_ sources: [String]) throws {
        guard (1...1000).contains(sources.count) else {
            throw KithError(.requestInvalid, "A transfer has 1 to 1,000 sources; this one has \(sources.count).")
        }
    }
}
