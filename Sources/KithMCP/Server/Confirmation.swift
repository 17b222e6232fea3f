import KithAPI

/// Asks the person at the client before something happens: the newer era returns the question and is called
/// again, the older one asks in between.
struct Confirmation {
    /// The question has to go to the person first.
    struct Needed: Error {
        let result: MethodResult
    }

    private static let key = "confirm"
    private let errand: Errand

    init(_ errand: Errand) { self.errand = errand }

    /// Returns where the person agreed to exactly this call.
    ///
    /// - Throws: ``Needed``, ``RPCError`` where the client cannot ask, or ``KithError`` `denied`.
    func require(_ question: String) async throws {
        guard errand.client.canElicit else { throw cannotAsk }
        let answer = errand.client.revision.isLegacy ? try await asked(question) : try carried(question)
        guard answer["action"] == "accept" else {
            throw KithError(.denied, "The user did not agree to this.", hint: "Ask the user what to do instead.")
        }
    }

    /// A model can do something about a refusal, so the older era gets it as one.
    private var cannotAsk: any Error {
        guard errand.client.revision.isLegacy else {
            return RPCError.missingCapability(
                "This server asks the user before each action, and the client cannot put questions.",
                .object(["elicitation": .object(["form": .object([:] as [String: JSONValue])])]))
        }
        return KithError(
            .denied, "This server asks the user before each action, and this client cannot put questions.",
            hint: "The user can start it without `--confirm`.")
    }

    private func asked(_ question: String) async throws -> JSONValue {
        guard let ask = errand.outlet.ask else { throw cannotAsk }
        return try await ask("elicitation/create", form(question))
    }

    private func carried(_ question: String) throws -> JSONValue {
        let params = errand.request.params
        if let answer = params["inputResponses"]?[Self.key], params["requestState"]?.text == fingerprint {
            return answer
        }
        var result = MethodResult([
            "inputRequests": .object([
                Self.key: .object(["method": "elicitation/create", "params": .object(form(question))])
            ]),
            "requestState": .string(fingerprint),
        ])
        result.kind = "input_required"
        throw Needed(result: result)
    }

    private func form(_ question: String) -> [String: JSONValue] {
        let schema = JSONValue.object(["type": "object", "properties": .object([:] as [String: JSONValue])])
        return ["message": .string(question), "requestedSchema": schema]
    }

    /// Binds an answer to the call that it was given for. It keeps honest clients from mixing up two
    /// calls; a client that lies could as well invent the person's answer.
    private var fingerprint: String {
        let call = JSONValue.object([
            "name": errand.request.params["name"], "arguments": errand.request.params["arguments"],
        ])
        let hash = call.bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        return String(hash, radix: 36)
    }
}
