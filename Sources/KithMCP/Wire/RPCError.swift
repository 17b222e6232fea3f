import KithAPI

/// An error of the protocol itself: the request was malformed. What a tool could not do is a result.
struct RPCError: Error, Equatable {
    var code: Int
    var message: String
    var data: JSONValue?

    init(_ code: Int, _ message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    static func parse(_ message: String) -> RPCError { RPCError(-32700, message) }
    static func invalidRequest(_ message: String) -> RPCError { RPCError(-32600, message) }
    static func methodNotFound(_ method: String) -> RPCError { RPCError(-32601, "Method not found: \(method)") }
    static func invalidParams(_ message: String) -> RPCError { RPCError(-32602, message) }
    static func headerMismatch(_ message: String) -> RPCError { RPCError(-32020, message) }

    /// The client did not declare what the request needs; `capabilities` is what it should have declared.
    static func missingCapability(_ message: String, _ capabilities: JSONValue) -> RPCError {
        RPCError(-32021, message, data: .object(["requiredCapabilities": capabilities]))
    }

    static func unsupported(_ requested: String) -> RPCError {
        let supported = Revision.modern.map { JSONValue.string($0.rawValue) }
        return RPCError(
            -32022, "Unsupported protocol version",
            data: .object(["supported": .array(supported), "requested": .string(requested)]))
    }

    /// A failure of the mesh, where the protocol has no result that could carry it.
    init(_ error: KithError, code: Int = -32603) {
        self.init(
            code, error.description,
            data: .object([
                "code": .string(error.code.rawValue), "message": .string(error.message),
                "hint": error.hint.map(JSONValue.string),
            ]))
    }

    var json: JSONValue {
        .object(["code": .integer(code), "message": .string(message), "data": data])
    }
}
