import FoundationEssentials
import KithAPI

/// `kith_context_get`: a value in pieces that fit into a model.
enum ContextReading {
    static let tool = Tool(
        card: Tool.Card(
            name: "kith_context_get", title: "Read a value",
            description: """
                Read the text under a key, here or on another machine. A long value comes in pieces: go on with \
                `offset` from `nextOffset`. Example: {"key": "build/status", "peer": "studio"}.
                """),
        hints: .looks,
        arguments: [
            .optionalPeer, Argument("key", .string(format: nil), "The key.", isRequired: true),
            Argument(
                "offset", .integer, "From which byte of the value; the beginning unless given.", range: 0...(1 << 20)),
        ],
        output: Piece.schema.json,
        run: { arguments, errand in
            let place = arguments.place
            let entry = try await errand.ask(GetContext(key: arguments.text("key")), at: place)
            let piece = Piece(entry, from: arguments.values["offset"]?.int ?? 0)
            let rest = piece.nextOffset.map {
                "\n\(piece.valueBytes) bytes in all. Go on with {\"key\": \"\(entry.key)\", \"offset\": \($0)}."
            }
            return ToolAnswer(
                "\(entry.key), version \(entry.version):\n"
                    + Quotation(errand, from: place).of(piece.value, "value") + (rest ?? ""),
                try JSONValue(encoding: piece).members ?? [:], from: place)
        })

    /// What one call answers with.
    struct Piece: Described, Equatable {
        var key: String
        var value: String
        var valueBytes: Int
        var nextOffset: Int?
        var version: Int
        var updatedAt: String
        var expiresAt: String?

        init(_ entry: ContextEntry, from offset: Int) {
            let excerpt = Excerpt(entry.value, from: offset, limit: Excerpt.limit)
            (key, value, valueBytes) = (entry.key, excerpt.text, entry.value.utf8.count)
            nextOffset = excerpt.next
            version = entry.version
            updatedAt = entry.updatedAt.formatted(.iso8601)
            expiresAt = entry.expiresAt?.formatted(.iso8601)
        }

        static var parameters: [Parameter] {
            [
                Parameter("key", \Self.key, "The key."),
                Parameter("value", \Self.value, "The value, or a piece of it."),
                Parameter("valueBytes", \Self.valueBytes, "Bytes of the whole value."),
                Parameter("nextOffset", \Self.nextOffset, "Where to go on; absent at the end."),
                Parameter("version", \Self.version, "Rises by one with every change of the key."),
                Parameter("updatedAt", \Self.updatedAt, "When it was last set."),
                Parameter("expiresAt", \Self.expiresAt, "When it will be forgotten."),
            ]
        }
    }
}
