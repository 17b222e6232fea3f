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
        try await client.pipe(PutFiles(destination: request.destination), on: request.peer) { pipe in
            _ = try await files.send(request.sources, over: pipe, report: report)
        }
    }

    func pull(_ request: PullFiles, report: @escaping @Sendable (TransferEvent) async throws -> Void) async throws {
        try Self.check(request.sources)
        try await client.pipe(GetFiles(paths: request.sources), on: request.peer) { pipe in
            _ = try await files.receive(into: request.destination, sources: request.sources, over: pipe, report: report)
        }
    }

    private static func check(_ sources: [String]) throws {
        guard (1...1000).contains(sources.count) else {
            throw KithError(.requestInvalid, "A transfer has 1 to 1,000 sources; this one has \(sources.count).")
        }
    }
}
