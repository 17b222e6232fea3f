import FoundationEssentials
import GRDB
import KithAPI

extension MessageTable {
    /// Characters of a text that stand for it in a list.
    private static let opening = 120

    /// A page of all messages, newest first: ids begin with the time, so that their order is that of sending.
    func list(_ request: ListMessages) throws -> ListMessages.Reply {
        let limit = request.limit ?? 50
        let beginning = request.beginning ?? ""
        // After every id that begins so, because ids have no character as high as that.
        let end = min(request.cursor ?? "~", beginning + "~")
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT m.id, m.origin, m.sender, m.recipients, m.kind, m.subject, m.sent,
                    substr(coalesce(m.body, b.bytes), 1, 1000), m.number
                    FROM \(Self.messageSource) WHERE m.id >= ? AND m.id < ? AND (?3 = 0 OR m.origin = '')
                    ORDER BY m.id DESC LIMIT ?
                    """), arguments: [beginning, end, request.sent == true, limit + 1])
        let page = try rows.prefix(limit).map(line)
        return ListMessages.Reply(entries: page, nextCursor: rows.count > limit ? page.last?.id.text : nil)
    }

    private func line(_ row: Row) throws -> MessageLine {
        guard let id = MessageID(row[0]), let kind = MessageKind(rawValue: row[4]) else {
            throw KithError(.storeDamaged, "A message in the database cannot be read.")
        }
        let recipients: String = row[3]
        let body: Data = row[7] ?? Data()
        return MessageLine(
            id: id, from: naming.address(row[2], row[1]), to: recipients.split(separator: "\n").map(String.init),
            kind: kind, about: row[5] ?? Self.opening(of: String(decoding: body, as: UTF8.self)),
            sentAt: Moment(milliseconds: row[6]).date, states: try states(of: row[8]))
    }

    private static func opening(of text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline)
        let line = lines.first ?? ""
        return line.count <= opening && lines.count < 2 ? String(line) : line.prefix(opening - 1) + "…"
    }

    private func states(of message: Int64) throws -> [String: Int] {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT state, count(*) FROM delivery WHERE message = ? GROUP BY state"),
            arguments: [message])
        return Dictionary(rows.map { ($0[0], $0[1]) }) { first, _ in first }
    }
}
