import KithAPI

/// The messages that we send, as bytes without a line feed.
enum Envelope {
    static func result(_ result: JSONValue, to id: RequestID) -> [UInt8] {
        bytes(["id": id.json, "result": result])
    }

    /// An error; without an id where the request's own cannot be known, or is in use.
    static func error(_ error: RPCError, to id: RequestID?) -> [UInt8] {
        bytes(["id": id?.json, "error": error.json].compactMapValues { $0 })
    }

    static func notification(_ method: String, _ params: [String: JSONValue]) -> [UInt8] {
        bytes(["method": .string(method), "params": .object(params)])
    }

    static func request(_ method: String, _ params: [String: JSONValue], id: RequestID) -> [UInt8] {
        bytes(["id": id.json, "method": .string(method), "params": .object(params)])
    }

    private static func bytes(_ members: [String: JSONValue]) -> [UInt8] {
        JSONValue.object(members.merging(["jsonrpc": "2.0"]) { old, _ in old }).bytes
    }
}
