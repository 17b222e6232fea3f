import KithAPI

/// One tool: a curated entry on top of the catalogue.
struct Tool: Sendable {
    /// How models and people see it.
    struct Card: Sendable {
        let name: String
        let title: String
        /// When to use it, what it costs, an example.
        let description: String
    }

    /// What a client may assume before it asks its person.
    struct Hints: Sendable {
        let isReadOnly: Bool
        let isDestructive: Bool
        let isIdempotent: Bool
        let isOpenWorld: Bool

        static let looks = Hints(isReadOnly: true, isDestructive: false, isIdempotent: true, isOpenWorld: false)
        static let stores = Hints(isReadOnly: false, isDestructive: false, isIdempotent: true, isOpenWorld: false)
        static let removes = Hints(isReadOnly: false, isDestructive: true, isIdempotent: true, isOpenWorld: false)
        static let acts = Hints(isReadOnly: false, isDestructive: true, isIdempotent: false, isOpenWorld: true)

        var json: JSONValue {
            .object([
                "readOnlyHint": .bool(isReadOnly), "destructiveHint": .bool(isDestructive),
                "idempotentHint": .bool(isIdempotent), "openWorldHint": .bool(isOpenWorld),
            ])
        }
    }

    let card: Card
    let hints: Hints
    let arguments: [Argument]
    /// JSON Schema of the structured part.
    let output: JSONValue
    /// What the person is asked before it happens, where the server confirms; nil asks nothing.
    var question: (@Sendable (Arguments) -> String)?
    let run: @Sendable (Arguments, Errand) async throws -> ToolAnswer

    var json: JSONValue {
        .object([
            "name": .string(card.name), "title": .string(card.title), "description": .string(card.description),
            "inputSchema": Argument.schema(arguments), "outputSchema": Origin.added(to: output),
            "annotations": hints.json.with(["title": .string(card.title)]),
        ])
    }
}

extension Tool {
    /// A tool that asks one call, whose fields are its arguments and whose reply is its result.
    ///
    /// This is how a new capability becomes a tool: a card, its hints, where it may be asked, and words.
    ///
    /// - Parameters:
    ///   - peer: the argument that says where; nil for what only this node answers.
    ///   - only: the fields that are offered; all unless given.
    ///   - isForeign: whether the text is full of what others wrote, and has to stand between marks.
    ///   - words: the compact text for models that do not read the structured part.
    static func asking<C: Call>(
        _ capability: C.Type, _ card: Card, _ hints: Hints, at peer: Argument? = nil, only: Set<String>? = nil,
        isForeign: Bool = false, words: @escaping @Sendable (C.Reply, Place) -> String
    ) -> Tool {
        let fields = C.parameters.filter { only?.contains($0.name) ?? true }
        return Tool(
            card: card, hints: hints, arguments: (peer.map { [$0] } ?? []) + fields.map(Argument.init),
            output: C.replySchema.json,
            run: { arguments, errand in
                let place = peer == nil ? .here : arguments.place
                let arguments = fields.contains { $0.name == "agent" } ? try await arguments.signed(errand) : arguments
                let request = try arguments.request(C.self, without: peer == nil ? [] : ["peer"])
                let bytes = try await errand.raw(C.name, try JSON.encode(request), at: place)
                let whole = try JSON.decode([String: JSONValue].self, from: bytes)
                let (members, isCut) = Fitting.fitted(whole, size: bytes.count)
                let reply = isCut ? JSONValue.object(members).bytes : bytes
                let text = words(try JSON.decode(C.Reply.self, from: reply), place)
                let note = isCut ? "\nLong texts were cut (marked `[…]`); ask for fewer at once." : ""
                return ToolAnswer(
                    (isForeign ? Quotation(errand, from: place).of(text, "answer") : text) + note, members, from: place)
            })
    }
}

/// What a tool has to say.
struct ToolAnswer: Sendable {
    var text: String
    var structured: [String: JSONValue]
    /// Set where the work goes on as a task, in place of a result.
    var task: [String: JSONValue]?
    /// What is to be done once the client has it.
    var afterwards: (@Sendable () async -> Void)?

    /// - Parameter place: whose words are in it; nil where all of it is ours.
    init(_ text: String, _ structured: [String: JSONValue], from place: Place?) {
        self.text = text
        self.structured = structured
        if let place { self.structured["origin"] = Origin.json(place) }
    }

    /// The work has become `task`.
    init(task: [String: JSONValue]) {
        (text, structured) = ("", [:])
        self.task = task
    }

    /// The members of a tool result.
    var members: [String: JSONValue] {
        [
            "content": .array([.object(["type": "text", "text": .string(text)])]),
            "structuredContent": .object(structured),
        ]
    }

    /// The members of a tool result that says what went wrong, in words from which a model can go on.
    ///
    /// A peer may have written them, so they are kept short and on one line each.
    static func failure(_ whole: KithError) -> MethodResult {
        let error = KithError(whole.code, line(whole.message), hint: whole.hint.map(line))
        let hint = error.hint.map { "\nWhat to do: \($0)" } ?? ""
        var result = MethodResult([
            "content": .array([
                .object(["type": "text", "text": .string("\(error.code.rawValue): \(error.message)\(hint)")])
            ]),
            "isError": true,
        ])
        result.meta[MetaKey.error] = .object([
            "code": .string(error.code.rawValue), "message": .string(error.message),
            "hint": error.hint.map(JSONValue.string),
        ])
        return result
    }

    private static func line(_ text: String) -> String {
        Excerpt(text, from: 0, limit: 1_000).text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
