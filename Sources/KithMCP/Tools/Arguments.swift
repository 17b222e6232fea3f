import KithAPI

/// The arguments of one call, checked against the schema that we published.
struct Arguments: Sendable {
    private(set) var values: [String: JSONValue]

    /// - Throws: ``KithError`` `request.invalid` in words from which a model can mend its call.
    init(_ values: [String: JSONValue], for arguments: [Argument]) throws(KithError) {
        let known = arguments.map(\.name)
        if let unknown = values.keys.sorted().first(where: { !known.contains($0) }) {
            throw KithError(
                .requestInvalid, "There is no argument `\(unknown)`.",
                hint: known.isEmpty
                    ? "It takes none." : "It takes \(known.map { "`\($0)`" }.joined(separator: ", ")).")
        }
        for argument in arguments { try Self.check(values[argument.name], argument) }
        self.values = values.filter { $0.value != .null }
    }

    private static func check(_ value: JSONValue?, _ argument: Argument) throws(KithError) {
        guard let value, value != .null else {
            guard !argument.isRequired else {
                throw KithError(
                    .requestInvalid, "The argument `\(argument.name)` is missing.", hint: argument.summary)
            }
            return
        }
        guard argument.schema.admits(value) else {
            throw KithError(
                .requestInvalid, "The argument `\(argument.name)` does not fit: it must be \(argument.schema.words).",
                hint: argument.summary)
        }
        guard value.double.map({ $0.magnitude <= JSONGuard.largestNumber }) ?? true else {
            throw KithError(.requestInvalid, "The argument `\(argument.name)` is larger than 2^53.")
        }
        if let range = argument.range, let number = value.double,
            number < Double(range.lowerBound) || number > Double(range.upperBound)
        {
            throw KithError(
                .requestInvalid,
                "The argument `\(argument.name)` must lie in \(range.lowerBound) to \(range.upperBound).")
        }
    }

    /// A required text; its presence was checked.
    func text(_ name: String) -> String { values[name]?.text ?? "" }

    /// Where it is to be done.
    var place: Place { Place(values["peer"]?.text) }

    /// Says in whose name it is asked: the agent that was given, else the one that the session is.
    func signed(_ errand: Errand) async throws -> Arguments {
        guard values["agent"] == nil, let name = try await errand.ownAgent() else { return self }
        var signed = self
        signed.values["agent"] = .string(name.text)
        return signed
    }

    /// Reads them as the request `type`, whose fields they carry under their tool names.
    func request<C: Capability>(_ type: C.Type, without: Set<String> = ["peer"]) throws -> C {
        var fields: [String: JSONValue] = [:]
        for parameter in C.parameters {
            let name = Argument.snake(parameter.name)
            if !without.contains(name), let value = values[name] { fields[parameter.name] = value }
        }
        return try JSON.decode(type, from: JSONValue.object(fields).bytes)
    }
}

extension Schema {
    /// Whether `value` has this form.
    func admits(_ value: JSONValue) -> Bool {
        switch self {
        case .string: value.text != nil
        case .choice(let words): value.text.map(words.contains) ?? false
        case .integer: value.int != nil
        case .number: value.double != nil
        case .boolean: value.bool != nil
        case .array(let element): value.elements?.allSatisfy { element.admits($0) } ?? false
        case .map(let element): value.members?.values.allSatisfy { element.admits($0) } ?? false
        case .object: value.members != nil
        }
    }

    /// What it is called in a sentence.
    var words: String {
        switch self {
        case .string: "text"
        case .choice(let words): "one of \(words.map { "`\($0)`" }.joined(separator: ", "))"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .array(let element): "a list, each \(element.words)"
        case .map(let value): "an object, each value \(value.words)"
        case .object: "an object"
        }
    }
}
