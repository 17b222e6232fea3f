import KithAPI

/// `completion/complete`: names of machines and keys, as far as the daemon can say now.
enum Completions {
    /// The most that an answer may hold, by the protocol.
    static let most = 100

    static func complete(_ errand: Errand) async throws -> MethodResult {
        let params = errand.request.params
        guard let name = params["argument"]?["name"]?.text, let begin = params["argument"]?["value"]?.text else {
            throw RPCError.invalidParams("`argument` needs `name` and `value`.")
        }
        let all = try await candidates(params["ref"], name, begin, errand)
        let values = all.prefix(most).map(JSONValue.string)
        return MethodResult([
            "completion": .object([
                "values": .array(values), "total": .integer(all.count), "hasMore": .bool(all.count > most),
            ])
        ])
    }

    private static func candidates(_ reference: JSONValue?, _ name: String, _ begin: String, _ errand: Errand)
        async throws -> [String]
    {
        switch (reference?["type"]?.text, name) {
        case ("ref/prompt", _):
            let prompt = reference?["name"]?.text ?? ""
            guard PromptBook.all.contains(where: { $0.name == prompt }) else {
                throw RPCError.invalidParams("Unknown prompt: \(prompt)")
            }
            return name == "peer" ? await peers(begin, errand) : []
        case ("ref/resource", "key"): return await keys(begin, errand)
        case ("ref/resource", _): return []
        default: throw RPCError.invalidParams("`ref` must be a prompt or a resource.")
        }
    }

    /// Nothing where the daemon does not answer: a completion is a convenience.
    private static func peers(_ begin: String, _ errand: Errand) async -> [String] {
        let peers = (try? await errand.ask(ListPeers()).peers) ?? []
        return peers.filter { $0.status != .unpaired }.map(\.name.text).filter { $0.hasPrefix(begin) }
    }

    private static func keys(_ begin: String, _ errand: Errand) async -> [String] {
        ((try? await errand.ask(ListContext(prefix: begin)))?.entries ?? []).map(\.key)
    }
}
