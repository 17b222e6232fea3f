import KithAPI

/// Reads what came back. The bytes may come from a peer, so they pass the guard first.
enum Answer {
    /// A reply or an element; bytes that do not fit are the fault of the other side.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(KithError) -> Value {
        do {
            _ = try JSONGuard.keys(of: bytes)
            return try JSON.decode(type, from: bytes)
        } catch {
            throw KithError(
                .protocolViolation, "The answer cannot be understood: \(KithError(wrapping: error).message)",
                hint: "Check with `kith status` and `kith peers` that both sides run the same version.")
        }
    }

    /// The error that a body with `status` carries; a code of a newer version becomes `internal`.
    static func failure(status: Int, body: [UInt8]) -> KithError {
        if let known = error(in: body) { return known }
        return KithError(
            .protocolViolation, "The daemon answered with status \(status) and no explanation.",
            hint: "See `kith logs --daemon`.")
    }

    /// The error in `{"error":{…}}`; nil if `bytes` are something else.
    static func error(in bytes: [UInt8]) -> KithError? {
        guard let keys = try? JSONGuard.keys(of: bytes), keys == ["error"] else { return nil }
        if let body = try? JSON.decode(ErrorBody.self, from: bytes) { return body.error }
        guard let foreign = try? JSON.decode(ForeignBody.self, from: bytes) else { return nil }
        return foreign.error.known
    }

    /// The error in the payload of a failure frame: the error itself, or as it stands in a body.
    static func error(inFrame payload: [UInt8]) -> KithError {
        if let body = error(in: payload) { return body }
        if let plain = try? JSON.decode(KithError.self, from: payload) { return plain }
        if let foreign = try? JSON.decode(ForeignError.self, from: payload) { return foreign.known }
        return KithError(
            .protocolViolation, "The other side failed and did not say why.", hint: "See `kith logs --daemon`.")
    }

    private struct ForeignBody: Decodable {
        var error: ForeignError
    }

    private struct ForeignError: Decodable {
        var code: String
        var message: String
        var hint: String?

        var known: KithError { KithError(.internalError, message, hint: hint, details: ["code": code]) }
    }
}
