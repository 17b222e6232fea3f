import KithAPI

/// Turns the words of `kith call` into a request, guided by the declaration of the capability.
struct CallFields {
    private let parameters: [Parameter]

    /// For a capability with these parameters.
    init(_ parameters: [Parameter]) { self.parameters = parameters }

    /// The request that `words` (`key=value`, `key:=JSON`) make.
    ///
    /// - Throws: ``KithError`` `request.invalid`, naming the field and what would fit.
    func request(_ words: [String]) async throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        for word in words {
            let (field, text, isJSON) = try split(word)
            let parameter = try parameter(field)
            let value = isJSON ? try Self.json(text, field) : try await value(text, parameter.schema, field)
            members[field] = try Self.joined(members[field], value, parameter, isJSON: isJSON)
        }
        if let missing = parameters.first(where: { $0.isRequired && members[$0.name] == nil }) {
            throw KithError(
                .requestInvalid, "The field `\(missing.name)` is missing: \(missing.summary)",
                hint: "Add `\(missing.name)=…`.")
        }
        return .object(members)
    }

    private func split(_ word: String) throws(KithError) -> (field: String, text: String, isJSON: Bool) {
        guard let equals = word.firstIndex(of: "="), equals > word.startIndex else {
            throw KithError(.requestInvalid, "`\(word)` is not of the form key=value.", hint: fieldsHint)
        }
        let field = word[..<equals]
        let text = String(word[word.index(after: equals)...])
        return field.hasSuffix(":") ? (String(field.dropLast()), text, true) : (String(field), text, false)
    }

    private func parameter(_ name: String) throws(KithError) -> Parameter {
        guard let found = parameters.first(where: { $0.name == name }) else {
            throw KithError(.requestInvalid, "There is no field `\(name)`.", hint: fieldsHint)
        }
        return found
    }

    private var fieldsHint: String {
        parameters.isEmpty ? "It has no fields." : "Its fields are: \(parameters.map(\.name).joined(separator: ", "))."
    }

    private func value(_ text: String, _ schema: Schema, _ field: String) async throws -> JSONValue {
        switch schema {
        case .string, .choice: return .string(try await Self.text(text))
        case .integer: if let number = Int(text) { return .integer(number) }
        case .number: if let number = Double(text), number.isFinite { return .number(number) }
        case .boolean:
            if let truth = ["true": true, "yes": true, "false": false, "no": false][text] { return .bool(truth) }
        case .array(let element):
            return text.hasPrefix("[") ? try Self.json(text, field) : .array([try await value(text, element, field)])
        case .map(let element):
            guard !text.hasPrefix("{"), let equals = text.firstIndex(of: "=") else { return try Self.json(text, field) }
            let inner = try await value(String(text[text.index(after: equals)...]), element, field)
            return .object([String(text[..<equals]): inner])
        case .object: return try Self.json(text, field)
        }
        throw KithError(
            .requestInvalid, "`\(text)` does not fit the field `\(field)`.", hint: "It wants \(Self.wanted(schema)).")
    }

    private static func text(_ text: String) async throws -> String {
        if text == "-" { return try await Source.standardInput.text(limit: 1 << 20) }
        guard text.hasPrefix("@") else { return text }
        let rest = String(text.dropFirst())
        return rest.hasPrefix("@") ? rest : try await Source.file(rest).text(limit: 1 << 20)
    }

    private static func json(_ text: String, _ field: String) throws(KithError) -> JSONValue {
        // The guard takes objects only, so the value is looked at inside of one.
        let whole = Array("{\"value\":\(text)}".utf8)
        guard (try? JSONGuard.keys(of: whole)) == ["value"],
            case .object(let members)? = try? JSON.decode(JSONValue.self, from: whole), let value = members["value"]
        else { throw KithError(.requestInvalid, "The field `\(field)` is not valid JSON: \(text)") }
        return value
    }

    /// Lists and maps grow when their field comes again; anything else may come once.
    private static func joined(
        _ old: JSONValue?, _ new: JSONValue, _ parameter: Parameter, isJSON: Bool
    ) throws(KithError) -> JSONValue {
        switch (old, new) {
        case (nil, _): return new
        case (.array(let before), .array(let after)) where !isJSON: return .array(before + after)
        case (.object(let before), .object(let after)) where !isJSON: return .object(before.merging(after) { $1 })
        default: throw KithError(.requestInvalid, "The field `\(parameter.name)` comes twice.")
        }
    }

    private static func wanted(_ schema: Schema) -> String {
        switch schema {
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        default: "text"
        }
    }
}
