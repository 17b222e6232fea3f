import KithAPI

/// Every tool, in the order in which clients list them: few, and good.
enum ToolTable {
    static let all: [Tool] = peers + jobs + files + context + messages + tasks + workers

    private static let byName = Dictionary(all.map { ($0.card.name, $0) }) { first, _ in first }

    static func list(_ errand: Errand) throws -> MethodResult {
        try errand.requireFirstPage()
        return MethodResult(["tools": .array(all.map(\.json))], lifetime: .build)
    }

    /// Runs one. Whatever it meets on its way is a result that a model can read; only a call that names no
    /// tool of ours, or has no arguments object, is an error of the protocol.
    static func call(_ errand: Errand) async throws -> MethodResult {
        guard let tool = byName[try errand.text("name")] else {
            throw RPCError.invalidParams("Unknown tool: \(try errand.text("name"))")
        }
        guard let values = (errand.request.params["arguments"] ?? .object([:] as [String: JSONValue])).members else {
            throw RPCError.invalidParams("`arguments` must be an object.")
        }
        do {
            let arguments = try Arguments(values, for: tool.arguments)
            if let question = tool.question, errand.server.options.confirms {
                try await Confirmation(errand).require(question(arguments))
            }
            return result(try await tool.run(arguments, errand))
        } catch let needed as Confirmation.Needed {
            return needed.result
        } catch let error as RPCError {
            throw error
        } catch {
            return ToolAnswer.failure(KithError(wrapping: error))
        }
    }

    private static func result(_ answer: ToolAnswer) -> MethodResult {
        var result = MethodResult(answer.task ?? answer.members)
        if answer.task != nil { result.kind = "task" }
        result.afterwards = answer.afterwards
        return result
    }
}
