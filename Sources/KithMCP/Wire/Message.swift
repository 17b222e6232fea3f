import KithAPI

/// One message of the client, read from a line or a body.
enum Message: Equatable, Sendable {
    case request(Request)
    case notification(String, [String: JSONValue])
    case response(RequestID, Result<JSONValue, RPCError>)

    /// Reads a message.
    ///
    /// - Throws: ``Refusal`` with the id of the request, if it can be made out.
    static func read(_ bytes: [UInt8]) throws(Refusal) -> Message {
        guard let value = try? parse(bytes) else {
            throw Refusal(id: nil, error: .parse("The message is not sound JSON."))
        }
        guard let members = value.members else {
            throw Refusal(id: nil, error: .invalidRequest("A message is one JSON object; batches are not served."))
        }
        let id = RequestID(members["id"])
        guard members["jsonrpc"] == "2.0" else {
            throw Refusal(id: id, error: .invalidRequest("`jsonrpc` must be \"2.0\"."))
        }
        if members["method"] == nil, members["result"] != nil || members["error"] != nil {
            return try response(members, id)
        }
        guard let method = members["method"]?.text else {
            throw Refusal(id: id, error: .invalidRequest("`method` must be text."))
        }
        guard let params = (members["params"] ?? .object([:] as [String: JSONValue])).members else {
            throw Refusal(id: id, error: .invalidParams("`params` must be an object."))
        }
        guard members.keys.contains("id") else { return .notification(method, params) }
        guard let id else {
            throw Refusal(id: nil, error: .invalidRequest("`id` must be text or a whole number."))
        }
        return .request(Request(id: id, method: method, params: params))
    }

    private static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        switch bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
        case UInt8(ascii: "{"): return try JSONValue(reading: bytes)
        // Refused whatever is in it; a list only has to be recognised as one.
        case UInt8(ascii: "["): return .array([])
        default: return try JSON.decode(JSONValue.self, from: bytes)
        }
    }

    private static func response(_ members: [String: JSONValue], _ id: RequestID?) throws(Refusal) -> Message {
        guard let id else { throw Refusal(id: nil, error: .invalidRequest("A response needs its `id`.")) }
        if let result = members["result"] { return .response(id, .success(result)) }
        let error = members["error"]
        return .response(
            id, .failure(RPCError(error?["code"]?.int ?? -32603, error?["message"]?.text ?? "no message")))
    }
}

/// A question of the client.
struct Request: Equatable, Sendable {
    var id: RequestID
    var method: String
    var params: [String: JSONValue]

    /// `params._meta`.
    var meta: [String: JSONValue] { params["_meta"]?.members ?? [:] }
    /// Under which token the client wants to hear of progress.
    var progressToken: JSONValue? { meta["progressToken"].flatMap { RequestID($0)?.json } }
}

/// A message that cannot be served at all.
struct Refusal: Error, Equatable {
    var id: RequestID?
    var error: RPCError
}
