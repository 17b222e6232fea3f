/// Where a node may be reached: a host (name, IPv4 or IPv6) and a TCP port. A hint, never trust.
public struct Address: Hashable, Sendable, CustomStringConvertible {
    /// The port that peers listen on unless they say otherwise: k-i-t-h on a telephone's keys.
    public static let defaultPort = 5484

    /// A host name or a literal address, without brackets.
    public let host: String
    /// 1–65535.
    public let port: Int

    /// An address from its parts; nil if one of them cannot be.
    public init?(host: String, port: Int) {
        guard !host.isEmpty, host.utf8.count <= 253, (1...65535).contains(port),
            host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Self.forbidden.contains($0) })
        else { return nil }
        self.host = host
        self.port = port
    }

    /// Reads `host`, `host:port`, `::1`, `[::1]` or `[::1]:port`; nil if the port is not a number.
    public init?(_ text: String) {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            if rest.isEmpty {
                self.init(host: host, port: Self.defaultPort)
            } else {
                self.init(host: host, portSuffix: rest)
            }
        } else if text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1, let colon = text.firstIndex(of: ":") {
            self.init(host: String(text[..<colon]), portSuffix: text[colon...])
        } else {
            self.init(host: text, port: Self.defaultPort)
        }
    }

    private init?(host: String, portSuffix: Substring) {
        guard portSuffix.hasPrefix(":"), let port = Int(portSuffix.dropFirst()) else { return nil }
        self.init(host: host, port: port)
    }

    private static let forbidden = Set("/@?#[]\"'\\".utf8)

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension Address: ParameterValue {
    public static var schema: Schema { .string(format: nil) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let address = Address(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an address")
        }
        self = address
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
