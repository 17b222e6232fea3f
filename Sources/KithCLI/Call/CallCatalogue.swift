import KithAPI

/// The catalogue for people, and as the JSON schemas of requests.
enum CallCatalogue {
    /// Prints it.
    static func show(_ output: Output) throws {
        switch output.format {
        case .people: try output.answer(table)
        case .json: try output.answer(try JSON.encode(json))
        }
    }

    /// Name, shape, grant and summary of each.
    static var table: String {
        var table = Table("NAME", "SHAPE", "GRANT", "WHAT IT DOES")
        for capability in Catalogue.all {
            table.add(capability.name, capability.shape.rawValue, capability.grant.rawValue, capability.summary)
        }
        return table.text
    }

    private static var json: JSONValue {
        .array(
            Catalogue.all.map { capability in
                .object([
                    "name": .string(capability.name), "shape": .string(capability.shape.rawValue),
                    "grant": .string(capability.grant.rawValue), "summary": .string(capability.summary),
                    "request": capability.schema.json, "answer": capability.replySchema.json,
                ])
            })
    }
}
