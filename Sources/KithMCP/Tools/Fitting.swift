import KithAPI

/// Makes a result fit into a model by shortening its longest texts, and says so.
enum Fitting {
    private static let steps = [8_000, 2_000, 500, 100]

    /// The members as they are, or with their texts cut to the longest step that fits.
    ///
    /// - Parameter size: their bytes as JSON.
    static func fitted(_ members: [String: JSONValue], size: Int) -> (members: [String: JSONValue], isCut: Bool) {
        guard size > Excerpt.limit else { return (members, false) }
        let whole = JSONValue.object(members)
        var cut = whole
        for step in steps {
            cut = shortened(whole, to: step)
            if cut.bytes.count <= Excerpt.limit { break }
        }
        return (cut.members ?? [:], true)
    }

    private static func shortened(_ value: JSONValue, to limit: Int) -> JSONValue {
        switch value {
        case .string(let text):
            let excerpt = Excerpt(text, from: 0, limit: limit)
            return .string(excerpt.next == nil ? text : excerpt.text + " […]")
        case .array(let elements): return .array(elements.map { shortened($0, to: limit) })
        case .object(let members): return .object(members.mapValues { shortened($0, to: limit) })
        default: return value
        }
    }
}
