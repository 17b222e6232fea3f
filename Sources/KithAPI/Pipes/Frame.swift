/// One piece of a ``Pipe``: a kind, a length and that many bytes.
///
/// On the wire: `u8 kind ‖ u32be length ‖ payload`, at most 1 MiB of payload.
public struct Frame: Sendable, Equatable {
    /// What the payload is.
    public enum Kind: UInt8, Sendable {
        /// The JSON opening; the asking side's first frame.
        case open = 0
        /// Bytes: standard input or output, the content of a file.
        case data = 1
        /// Bytes of the second stream: standard error.
        case extra = 2
        /// A JSON value in the middle of the stream, in the terms of the capability.
        case event = 3
        /// The sender has no more to say; the answering side's carries its JSON end.
        case end = 4
        /// A ``KithError`` as JSON; nothing follows it.
        case failure = 5
    }

    /// The most bytes that one frame carries.
    public static let maximumPayload = 1 << 20
    /// Bytes before the payload.
    public static let headerSize = 5

    /// What the payload is.
    public var kind: Kind
    /// The payload.
    public var payload: [UInt8]

    /// A frame of bytes.
    public init(_ kind: Kind, _ payload: [UInt8] = []) {
        self.kind = kind
        self.payload = payload
    }

    /// A frame whose payload is `value` as JSON.
    public init(_ kind: Kind, json value: some Encodable) throws {
        self.init(kind, try JSON.encode(value))
    }

    /// The five bytes that stand before the payload.
    public var header: [UInt8] {
        let length = UInt32(payload.count)
        return [kind.rawValue] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) }
    }

    /// The payload read as JSON, after the guard.
    public func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        _ = try JSONGuard.keys(of: payload)
        return try JSON.decode(type, from: payload)
    }
}
