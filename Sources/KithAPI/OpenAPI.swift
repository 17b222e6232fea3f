/// The catalogue as an OpenAPI 3.1 document, served at `/v1/openapi.json`.
public enum OpenAPI {
    /// The whole document.
    public static var document: JSONValue {
        .object([
            "openapi": "3.1.0",
            "info": .object(["title": "Kith", "version": .string(Version.text)]),
            "paths": .object(Dictionary(uniqueKeysWithValues: Catalogue.all.map { ($0.path, path(of: $0)) })),
        ])
    }

    private static func path(of capability: any Capability.Type) -> JSONValue {
        var methods: [String: JSONValue] = ["post": operation(of: capability)]
        if capability.isReadOnly, capability.shape == .call {
            methods["get"] = operation(of: capability, queryParameters: capability.parameters)
        }
        return .object(methods)
    }

    private static func operation(of capability: any Capability.Type, queryParameters: [Parameter]? = nil) -> JSONValue
    {
        .object([
            "operationId": .string(capability.name + (queryParameters == nil ? "" : ".get")),
            "summary": .string(capability.summary),
            "x-kith-grant": .string(capability.grant.rawValue),
            "x-kith-shape": .string(capability.shape.rawValue),
            "parameters": queryParameters.map { .array($0.map(query)) },
            "requestBody": queryParameters == nil
                ? content(capability.shape == .pipe ? framed : "application/json", capability.schema) : nil,
            "responses": .object([
                "200": answer("The answer.", answerType(capability.shape), capability.replySchema),
                "default": answer(
                    "An error.", "application/json", .object([Parameter("error", \ErrorBody.error, "What went wrong.")])
                ),
            ]),
        ])
    }

    /// The media type of a pipe: frames, see ``Frame``.
    public static let framed = "application/vnd.kith.frames"
    /// The media type of a feed.
    public static let lines = "application/x-ndjson"

    private static func answerType(_ shape: CapabilityShape) -> String {
        switch shape {
        case .call: "application/json"
        case .feed: lines
        case .pipe: framed
        }
    }

    private static func query(_ parameter: Parameter) -> JSONValue {
        .object([
            "name": .string(parameter.name), "in": "query", "required": .bool(parameter.isRequired),
            "description": .string(parameter.summary), "schema": parameter.schema.json,
        ])
    }

    private static func answer(_ summary: String, _ type: String, _ schema: Schema) -> JSONValue {
        guard case .object(var members) = content(type, schema) else { return .null }
        members["description"] = .string(summary)
        return .object(members)
    }

    private static func content(_ type: String, _ schema: Schema) -> JSONValue {
        .object(["content": .object([type: .object(["schema": schema.json])])])
    }
}
