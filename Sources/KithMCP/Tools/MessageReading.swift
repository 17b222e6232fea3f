import KithAPI

/// `kith_message_status`: one message, its text in pieces that fit into a model, and how far it came.
enum MessageReading {
    /// Bytes of text, and recipients, in one result.
    static let pieceBytes = 40_000
    static let recipients = 50

    static let tool = Tool(
        card: Tool.Card(
            name: "kith_message_status", title: "Follow a message",
            description: """
                Say how far a message has come with each recipient: accepted here, stored there, surfaced (read), \
                acked, or held, refused, expired. Shows its text, too; a long one comes in pieces: go on with `offset` \
                from `nextOffset`. Example: {"message": "0190f2c4-…"}.
                """),
        hints: .looks,
        arguments: [
            Argument("message", MessageID.schema, "The message.", isRequired: true),
            Argument(
                "offset", .integer, "From which byte of the text; the beginning unless given.", range: 0...(1 << 20)),
        ],
        output: Report.schema.json,
        run: { arguments, errand in
            let record = try await errand.ask(arguments.request(GetMessage.self))
            let offset = arguments.values["offset"]?.int
            let report = Report(record, from: offset ?? 0)
            var answer = ToolAnswer(
                words(report, Quotation(errand, from: .here)), try JSONValue(encoding: report).members ?? [:],
                from: .here)
            if offset != nil, report.message.nextOffset == nil {
                answer.afterwards = { await see(record.message.id, errand) }
            }
            return answer
        })

    /// Whose message it is not has read nothing of theirs; the daemon says so, and nobody needs to hear it.
    private static func see(_ message: MessageID, _ errand: Errand) async {
        _ = try? await errand.ask(SeeMessages(messages: [message], agent: await errand.server.agent?.current))
    }

    private static func words(_ report: Report, _ quotation: Quotation) -> String {
        let lines = report.deliveries.map { "\($0.to): \($0.state.rawValue)\($0.reason.map { ", \($0)" } ?? "")" }
        let more = report.recipients > lines.count ? ["\(report.recipients - lines.count) more recipients."] : []
        let text = quotation.of(([report.message.words] + lines).joined(separator: "\n"), "message")
        return ([text] + more + [report.message.rest].compactMap { $0 }).joined(separator: "\n")
    }

    /// What one call answers with.
    struct Report: Described, Equatable {
        var message: Letter
        var deliveries: [Delivery]
        var recipients: Int

        init(_ record: MessageRecord, from offset: Int) {
            recipients = record.deliveries.count
            deliveries = Array(record.deliveries.prefix(MessageReading.recipients))
            message = Letter(record.message, from: offset, limit: MessageReading.pieceBytes)
        }

        static var parameters: [Parameter] {
            [
                Parameter("message", \Self.message, "The message."),
                Parameter("deliveries", \Self.deliveries, "How far it is, for the first \(MessageReading.recipients)."),
                Parameter("recipients", \Self.recipients, "How many recipients this node knows of."),
            ]
        }
    }
}
