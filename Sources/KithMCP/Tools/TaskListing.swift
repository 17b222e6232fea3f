import KithAPI

/// `kith_task_list`: tasks in short, or one of them with its whole text in pieces.
enum TaskListing {
    static let tool = Tool(
        card: Tool.Card(
            name: "kith_task_list", title: "List tasks",
            description: """
                List the tasks that live on this machine, or with `peer` on another: their state, who holds them, \
                how far they are. `active` leaves out what is over. With `task` it shows one; a long text comes in \
                pieces: go on with `offset`. Example: {"active": true}.
                """),
        hints: .looks,
        arguments: [
            .optionalPeer, Argument("active", .boolean, "Only what is neither done, failed nor cancelled."),
            Argument("state", TaskState.schema, "Only in this state."),
            Argument("cursor", .string(format: nil), "`nextCursor` of the page before."),
            Argument("limit", .integer, "At most this many; 20 unless given.", range: 1...50),
            Argument("task", TaskID.schema, "Show this one."),
            Argument("offset", .integer, "With `task`: from which byte of its text.", range: 0...(1 << 16)),
        ],
        output: output,
        run: { arguments, errand in
            guard arguments.values["task"] != nil else { return try await list(arguments, errand) }
            return try await show(arguments, errand)
        })

    /// Either form fills other fields, so none is promised.
    private static var output: JSONValue {
        var schema = Schema.object(ListTasks.Reply.parameters + TaskReading.Piece.parameters).json.members ?? [:]
        schema["required"] = nil
        return .object(schema)
    }

    /// Asks for fewer until they fit into a model: looking costs nothing.
    private static func list(_ arguments: Arguments, _ errand: Errand) async throws -> ToolAnswer {
        var request = try arguments.request(ListTasks.self)
        var limit = request.limit ?? 20
        while true {
            request.limit = limit
            var page = try await errand.ask(request, at: arguments.place)
            page.entries = page.entries.map { TaskReading.shortened($0, to: 400) }
            let members = try JSONValue(encoding: page)
            guard members.bytes.count > Excerpt.limit, limit > 1 else {
                let quotation = Quotation(errand, from: arguments.place)
                return ToolAnswer(words(page, quotation), members.members ?? [:], from: arguments.place)
            }
            limit /= 2
        }
    }

    private static func words(_ page: ListTasks.Reply, _ quotation: Quotation) -> String {
        guard !page.entries.isEmpty else { return "No task fits." }
        let lines = page.entries.map { task in
            let holder = task.holder.map { ", held by \($0)" } ?? ""
            return "\(task.id) \(task.state.rawValue)\(holder): \(task.title)"
        }
        let rest = page.nextCursor.map { "\nThere is more: go on with {\"cursor\": \"\($0)\"}." } ?? ""
        return quotation.of(lines.joined(separator: "\n"), "tasks") + rest
    }

    private static func show(_ arguments: Arguments, _ errand: Errand) async throws -> ToolAnswer {
        let task = try await errand.ask(arguments.request(ShowTask.self, without: []), at: arguments.place)
        let piece = TaskReading.Piece(task, from: arguments.values["offset"]?.int ?? 0)
        let quotation = Quotation(errand, from: arguments.place)
        return ToolAnswer(piece.words(quotation), try JSONValue(encoding: piece).members ?? [:], from: arguments.place)
    }
}
