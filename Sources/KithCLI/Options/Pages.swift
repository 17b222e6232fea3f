import KithAPI
import KithClient

/// A reply that comes a page at a time.
protocol Page: Codable {
    associatedtype Entry: Codable
    var entries: [Entry] { get set }
    var nextCursor: String? { get set }
}

extension ListContext.Reply: Page {}
extension ListFiles.Reply: Page {}
extension ReadInbox.Reply: Page {}
extension ReadThread.Reply: Page {}
extension ListMessages.Reply: Page {}
extension ListTasks.Reply: Page {}

/// All pages of a list, shown as one.
struct Pages<C: Call> where C.Reply: Page {
    let session: Session
    let target: KithClient.Target
    let request: (String?) -> C

    /// Asks for page after page, and answers with all entries. As JSON, a single page is shown as it came, several as one whole reply.
    @discardableResult func show(view: ([C.Reply.Entry]) -> String) async throws -> [C.Reply.Entry] {
        let first = try await session.client.raw(C.name, json: JSON.encode(request(nil)), on: target)
        var all = try KithClient.read(C.Reply.self, from: first)
        guard all.nextCursor != nil else {
            try session.output.show(first, as: C.Reply.self) { view($0.entries) }
            return all.entries
        }
        while let cursor = all.nextCursor {
            let page = try await session.client.call(request(cursor), on: target)
            guard page.nextCursor != cursor else {
                throw KithError(.protocolViolation, "The other side sends the same page again and again.")
            }
            all.entries += page.entries
            all.nextCursor = page.nextCursor
        }
        try session.output.show(all) { view($0.entries) }
        return all.entries
    }
}
