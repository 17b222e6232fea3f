import KithAPI
import KithClient

/// The means of one run: whom to ask, where things are, where answers go.
struct Session {
    let folders: Folders
    let client: KithClient
    let output: Output

    /// The session of the user whose environment this is.
    init(environment: [String: String], format: Output.Format) throws {
        folders = try Folders(environment: environment, userID: ProcessEnvironment.userID)
        client = KithClient(socket: folders.socket)
        output = Output(format: format)
    }

    /// Asks `request` and shows the reply: its bytes as JSON, or `view` of it for people.
    func show<C: Call>(
        _ request: C, on target: KithClient.Target = .local, view: (C.Reply) throws -> String
    ) async throws {
        let bytes = try await client.raw(C.name, json: JSON.encode(request), on: target)
        try output.show(bytes, as: C.Reply.self, view: view)
    }

    /// Asks `request` and shows each element as it comes.
    func show<F: Feed>(_ request: F, on target: KithClient.Target = .local, view: (F.Element) throws -> String?)
        async throws
    {
        for try await line in client.rawFeed(F.name, json: try JSON.encode(request), on: target) {
            try output.show(line, as: F.Element.self, view: view)
        }
    }
}
