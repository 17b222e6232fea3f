import FoundationEssentials
import KithAPI

/// A message as a model reads it: all of its text, or a piece that fits.
struct Letter: Described, Equatable {
    var id: MessageID
    var from: String
    var kind: MessageKind
    var subject: String?
    var body: String
    var bodyBytes: Int
    var nextOffset: Int?
    var thread: MessageID
    var replyTo: MessageID?
    var channel: String?
    var ack: AckWish
    var task: TaskID?
    var sentAt: String
    var isRepeat: Bool?

    /// The letter with at most `limit` bytes of its text from `offset`.
    init(_ message: KithAPI.Message, from offset: Int = 0, limit: Int, isRepeat: Bool? = nil) {
        let piece = Excerpt(message.body, from: offset, limit: limit)
        (id, from, kind, thread, replyTo) = (message.id, message.from, message.kind, message.thread, message.replyTo)
        (body, bodyBytes, nextOffset) = (piece.text, message.body.utf8.count, piece.next)
        subject = message.subject.map { Excerpt($0, from: 0, limit: 160).text }
        (channel, ack, task) = (message.channel, message.ack, message.task)
        sentAt = message.sentAt.formatted(.iso8601)
        self.isRepeat = isRepeat
    }

    /// As one paragraph.
    var words: String {
        let about = subject.map { ", about \($0)" } ?? ""
        let wish = ack == .need ? ", needs an answer" : ""
        return "[\(id)] \(kind.rawValue) from \(from)\(about)\(wish):\n\(body)" + (nextOffset == nil ? "" : " […]")
    }

    /// How to read on; nil where all of it is here.
    var rest: String? {
        nextOffset.map {
            "[\(id)] has \(bodyBytes) bytes. Go on with kith_message_status {\"message\": \"\(id)\", \"offset\": \($0)}."
        }
    }

    static var parameters: [Parameter] {
        [
            Parameter("id", \Self.id, "Its id."),
            Parameter("from", \Self.from, "Who wrote it: an agent and its machine."),
            Parameter("kind", \Self.kind, "What it is."),
            Parameter("subject", \Self.subject, "A line about it."),
            Parameter("body", \Self.body, "The text, or a piece of it."),
            Parameter("bodyBytes", \Self.bodyBytes, "Bytes of the whole text."),
            Parameter(
                "nextOffset", \Self.nextOffset, "Where kith_message_status goes on with the text; absent at its end."),
            Parameter("thread", \Self.thread, "The first message of the conversation."),
            Parameter("replyTo", \Self.replyTo, "The message that this one answers."),
            Parameter("channel", \Self.channel, "A word to filter by."),
            Parameter("ack", \Self.ack, "What the sender wants to know."),
            Parameter("task", \Self.task, "The task that it talks about."),
            Parameter("sentAt", \Self.sentAt, "When, by the sender's clock."),
            Parameter("isRepeat", \Self.isRepeat, "Whether it was handed out before."),
        ]
    }
}
