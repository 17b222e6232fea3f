import FoundationEssentials
import KithAPI

/// `kith_context_list`: keys with the beginnings of their values.
enum ContextListing {
    /// Bytes of each value that a list shows.
    static let previewBytes = 400

    static let tool = Tool(
        card: Tool.Card(
            name: "kith_context_list", title: "List values",
            description: """
                List keys in order with the beginnings of their values, here or on another machine, a page at a \
                time. Example: {"prefix": "build/"}. kith_context_get reads one whole.
                """),
        hints: .looks,
        arguments: [
            .optionalPeer, Argument("prefix", .string(format: nil), "Only keys that begin with this."),
            Argument("cursor", .string(format: nil), "`nextCursor` of the page before."),
            Argument("limit", .integer, "At most this many, 1 to 100; 50 unless given.", range: 1...100),
        ],
        output: Page.schema.json,
        run: { arguments, errand in
            let place = arguments.place
            var request = ListContext(prefix: arguments.values["prefix"]?.text)
            request.cursor = arguments.values["cursor"]?.text
            request.limit = arguments.values["limit"]?.int ?? 50
            let page = Page(try await errand.ask(request, at: place))
            return ToolAnswer(
                words(page, Quotation(errand, from: place)), try JSONValue(encoding: page).members ?? [:], from: place)
        })

    private static func words(_ page: Page, _ quotation: Quotation) -> String {
        guard !page.entries.isEmpty else { return "No key fits." }
        let lines = page.entries.map { "\($0.key) (version \($0.version)): \($0.value)\($0.isCut ? " …" : "")" }
        let rest = page.nextCursor.map { "\nThere is more: go on with {\"cursor\": \"\($0)\"}." } ?? ""
        return quotation.of(lines.joined(separator: "\n"), "entries") + rest
    }

    /// One page.
    struct Page: Described, Equatable {
        var entries: [Line]
        var nextCursor: String?

        init(_ reply: ListContext.Reply) {
            entries = reply.entries.map(Line.init)
            nextCursor = reply.nextCursor
        }

        static var parameters: [Parameter] {
            [
                Parameter("entries", \Self.entries, "The entries, by key."),
                Parameter("nextCursor", \Self.nextCursor, "Give it back as `cursor` to read on; absent at the end."),
            ]
        }
    }

    /// One entry in short.
    struct Line: Described, Equatable {
        var key: String
        var value: String
        var isCut: Bool
        var version: Int
        var updatedAt: String

        init(_ entry: ContextEntry) {
            let excerpt = Excerpt(entry.value, from: 0, limit: ContextListing.previewBytes)
            (key, value, isCut, version) = (entry.key, excerpt.text, excerpt.next != nil, entry.version)
            updatedAt = entry.updatedAt.formatted(.iso8601)
        }

        static var parameters: [Parameter] {
            [
                Parameter("key", \Self.key, "The key."),
                Parameter("value", \Self.value, "The value, or its beginning."),
                Parameter("isCut", \Self.isCut, "Whether there is more of the value than this."),
                Parameter("version", \Self.version, "Rises by one with every change of the key."),
                Parameter("updatedAt", \Self.updatedAt, "When it was last set."),
            ]
        }
    }
}
