import KithAPI
import KithFiles
import KithWire

/// Sends files of this machine to a peer, and fetches files of a peer: our file service at one end of a
/// pipe, the peer's at the other.
struct TransferService: Sendable {
    let files: FileService
    let client: PeerClient

    func send(_ request: SendFiles, report: @escaping @Sendable (TransferEvent) async throws -> Void) async throws {
        try Self.check(request.sources)
        guard request.sources.count == 1 || request.destination.hasSuffix("/") else {
            throw KithError(
                .requestInvalid, "Several sources need a folder to go into.",
                hint: "End it with `/`: `\(request.destination)/`.")
        }
        let opening = PutFiles(destination: request.destination, isDryRun: request.isDryRun)
        let summary = try await client.pipe(opening, on: request.peer) { pipe in
            try await files.send(request, over: pipe, report: report)
        }
        try Self.refuseToCallItDone(summary, request.sources)
    }

    func pull(_ request: PullFiles, report: @escaping @Sendable (TransferEvent) async throws -> Void) async throws {
        try Self.check(request.sources)
        let opening = GetFiles(paths: request.sources, wantsTotal: request.wantsTotal)
        let summary = try await client.pipe(opening, on: request.peer) { pipe in
            try await files.receive(request, over: pipe, report: report)
        }
        try Self.refuseToCallItDone(summary, request.sources)
    }

    private static func check(_ sources: [String]) throws {
        guard (1...1000).contains(sources.count) else {
            throw KithError(.requestInvalid, "A transfer has 1 to 1,000 sources; this one has \(sources.count).")
        }
    }
}
