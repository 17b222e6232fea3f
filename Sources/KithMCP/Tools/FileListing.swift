import FoundationEssentials
import KithAPI

/// `kith_list_remote_files`: a folder, in pages that fit into a model.
enum FileListing {
    /// Entries in one result.
    static let pageSize = 200

    static let tool = Tool(
        card: Tool.Card(
            name: "kith_list_remote_files", title: "List a folder",
            description: """
                List a folder of another machine: names, kinds, sizes, times; up to \(pageSize) entries at a time. \
                A relative path begins at the home folder there. Example: {"peer": "studio", "path": "code/app"}.
                """),
        hints: .looks,
        arguments: [
            .peer, Argument("path", .string(format: nil), "The folder; the home folder unless given."),
            Argument("cursor", .string(format: nil), "`nextCursor` of the page before."),
        ],
        output: ListFiles.Reply.schema.json,
        run: { arguments, errand in
            let place = arguments.place
            let cursor = Cursor(arguments.values["cursor"]?.text ?? "")
            let request = ListFiles(path: arguments.values["path"]?.text, cursor: cursor.page)
            let page = cursor.cut(try await errand.ask(request, at: place))
            return ToolAnswer(
                words(page, Quotation(errand, from: place)), try JSONValue(encoding: page).members ?? [:], from: place)
        })

    private static func words(_ page: ListFiles.Reply, _ quotation: Quotation) -> String {
        guard !page.entries.isEmpty else { return "The folder is empty." }
        let lines = page.entries.map { entry in
            switch entry.type {
            case .directory: "\(entry.name)/"
            case .symlink: "\(entry.name) -> \(entry.target ?? "?")"
            default: "\(entry.name)  \(entry.size) bytes  \(entry.modified.formatted(.iso8601))"
            }
        }
        let rest = page.nextCursor.map { "\nThere is more: go on with {\"cursor\": \"\($0)\"}." } ?? ""
        return quotation.of(lines.joined(separator: "\n"), "folder") + rest
    }

    /// A place inside a page of the capability: its cursor, and how many entries of that page are done.
    struct Cursor: Equatable {
        let page: String?
        let done: Int

        init(_ text: String) {
            let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
            page = parts.first.flatMap { $0.isEmpty ? nil : String($0) }
            done = parts.count > 1 ? max(0, Int(parts[1]) ?? 0) : 0
        }

        /// The next entries of `reply`, and where to go on.
        func cut(_ reply: ListFiles.Reply) -> ListFiles.Reply {
            let left = reply.entries.dropFirst(done)
            guard left.count > FileListing.pageSize else {
                return ListFiles.Reply(entries: Array(left), nextCursor: reply.nextCursor)
            }
            return ListFiles.Reply(
                entries: Array(left.prefix(FileListing.pageSize)),
                nextCursor: "\(page ?? "")+\(done + FileListing.pageSize)")
        }
    }
}
