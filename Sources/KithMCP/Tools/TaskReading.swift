import KithAPI

/// Tasks in pieces that fit into a model.
enum TaskReading {
    /// Bytes of each text of a task that is handed over or reported on.
    static let textBytes = 8_000

    /// The task with texts of at most `limit` bytes.
    static func shortened(_ task: TaskRecord, to limit: Int = textBytes) -> TaskRecord {
        var task = task
        let cut = { (text: String) in Excerpt(text, from: 0, limit: limit).text }
        task.body = task.body.map(cut)
        task.result = task.result.map(cut)
        task.progress = task.progress.map(cut)
        task.reason = task.reason.map(cut)
        return task
    }

    /// What is to be done, and how to read the rest of it.
    static func words(_ task: TaskRecord, shortened: TaskRecord, _ quotation: Quotation) -> String {
        let text = quotation.of([shortened.title, shortened.body].compactMap { $0 }.joined(separator: "\n"), "task")
        let (all, shown) = (task.body?.utf8.count ?? 0, shortened.body?.utf8.count ?? 0)
        guard shown < all else { return text }
        return text + "\n"
            + "It has \(all) bytes. Go on with kith_task_list {\"task\": \"\(task.id)\", \"offset\": \(shown)}."
    }

    /// One task, and a piece of its text.
    struct Piece: Described, Equatable {
        var task: TaskRecord
        var body: String
        var bodyBytes: Int
        var nextOffset: Int?

        init(_ task: TaskRecord, from offset: Int) {
            let piece = Excerpt(task.body ?? "", from: offset, limit: 20_000)
            (body, bodyBytes, nextOffset) = (piece.text, task.body?.utf8.count ?? 0, piece.next)
            self.task = TaskReading.shortened(task, to: 4_000)
            self.task.body = nil
        }

        func words(_ quotation: Quotation) -> String {
            let holder = task.holder.map { ", held by \($0)" } ?? ""
            let said = [task.title, body, task.progress, task.reason, task.result].compactMap { $0 }
            let rest = nextOffset.map { "\n\(bodyBytes) bytes in all. Go on with `offset` \($0)." } ?? ""
            return "\(task.id) is \(task.state.rawValue)\(holder).\n"
                + quotation.of(said.joined(separator: "\n"), "task") + rest
        }

        static var parameters: [Parameter] {
            [
                Parameter("task", \Self.task, "The task, without its text."),
                Parameter("body", \Self.body, "What is to be done, or a piece of it."),
                Parameter("bodyBytes", \Self.bodyBytes, "Bytes of the whole text."),
                Parameter("nextOffset", \Self.nextOffset, "Where to go on; absent at the end."),
            ]
        }
    }
}
