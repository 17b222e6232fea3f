import KithAPI

/// `kith_broadcast_context`: the same value on every machine, and per machine what became of it.
enum ContextBroadcast {
    static let tool = Tool(
        card: Tool.Card(
            name: "kith_broadcast_context", title: "Store a value everywhere",
            description: """
                Store the same text under the same key here and on every machine that is online. Says for each \
                whether it worked; machines that are offline are named and do not get it later. \
                Example: {"key": "plan", "value": "freeze main until 18:00"}.
                """),
        hints: .stores,
        arguments: SetContext.parameters.filter { $0.name != "ifVersion" }.map(Argument.init),
        output: Report.schema.json,
        run: { arguments, errand in
            let request = try arguments.request(SetContext.self)
            let peers = try await errand.ask(ListPeers()).peers.filter { $0.status != .unpaired }
            let report = Report(results: try await results(request, peers, errand))
            return ToolAnswer(report.words, try JSONValue(encoding: report).members ?? [:], from: nil)
        })

    private static func results(_ request: SetContext, _ peers: [PeerStatus], _ errand: Errand) async throws
        -> [Result]
    {
        let offline = peers.filter { $0.status != .online }.map {
            Result(machine: $0.name.text, version: nil, error: "peer.offline: it is \($0.status.rawValue)")
        }
        let places = [Place.here] + peers.filter { $0.status == .online }.map { .peer($0.name.text) }
        return try await withThrowingTaskGroup(of: Result.self) { group in
            for place in places { group.addTask { await set(request, place, errand) } }
            return try await group.reduce(into: offline) { $0.append($1) }.sorted { $0.machine < $1.machine }
        }
    }

    private static func set(_ request: SetContext, _ place: Place, _ errand: Errand) async -> Result {
        do {
            return Result(machine: place.name, version: try await errand.ask(request, at: place).version, error: nil)
        } catch {
            let failure = KithError(wrapping: error)
            return Result(machine: place.name, version: nil, error: "\(failure.code.rawValue): \(failure.message)")
        }
    }

    /// What became of it everywhere.
    struct Report: Described, Equatable {
        var results: [Result]

        static var parameters: [Parameter] {
            [Parameter("results", \Self.results, "One for each machine, by name.")]
        }

        var words: String {
            results.map { "\($0.machine): \($0.error ?? "set (version \($0.version ?? 0))")" }.joined(separator: "\n")
        }
    }

    /// What became of it on one machine.
    struct Result: Described, Equatable {
        var machine: String
        var version: Int?
        var error: String?

        static var parameters: [Parameter] {
            [
                Parameter("machine", \Self.machine, "Which machine."),
                Parameter("version", \Self.version, "The version that the key has there now."),
                Parameter("error", \Self.error, "Why it was not set there."),
            ]
        }
    }
}
