public import KithAPI

/// What one side says about itself while pairing; all of it is bound by the code that people compare.
public struct PairingMeta: Sendable, Equatable {
    /// Its identity; must be the key of its TLS session.
    public let id: PeerID
    /// What it calls itself.
    public let name: PeerName
    /// The grants it would like to have (words of ``Grant``, perhaps newer ones), sorted, each once.
    public let asks: [String]
    /// The versions of the peer protocol that it speaks.
    public let versions: ClosedRange<Int>
    /// The port on which it listens for peers; 0 if it does not.
    public let port: Int

    /// Meta data from its parts; nil if something cannot be said on the wire: more than 32 asks,
    /// an ask that is not 1–32 bytes of `a-z`, `0-9`, `.`, `_`, versions or port beyond 65,535.
    public init?(id: PeerID, name: PeerName, asks: [String], versions: ClosedRange<Int> = 1...1, port: Int) {
        let sorted = Set(asks).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        guard sorted.count <= 32, sorted.allSatisfy(Self.isWord),
            versions.lowerBound >= 0, versions.upperBound <= 65_535, (0...65_535).contains(port)
        else { return nil }
        self.id = id
        self.name = name
        self.asks = sorted
        self.versions = versions
        self.port = port
    }

    /// The bytes on the wire: five length-prefixed fields, one after the other.
    var encoded: [UInt8] {
        LengthPrefix.encode(id.text)
            + LengthPrefix.encode(name.text)
            + LengthPrefix.encode(asks.joined(separator: ","))
            + LengthPrefix.encode("\(versions.lowerBound)-\(versions.upperBound)")
            + LengthPrefix.encode([UInt8(port >> 8), UInt8(port & 255)])
    }

    /// Reads five fields; nil unless they are exactly what ``encoded`` would write.
    init?(from reader: inout ByteReader) {
        let start = reader.position
        guard let id = reader.text(limit: 52).flatMap({ PeerID($0) }),
            let name = reader.text(limit: 64).flatMap({ PeerName($0) }),
            let asks = reader.text(limit: 32 * 33),
            let versions = reader.text(limit: 11).flatMap(Self.versions),
            let port = reader.prefixed(limit: 2), port.count == 2
        else { return nil }
        let words = asks.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        self.init(
            id: id, name: name, asks: asks.isEmpty ? [] : words, versions: versions,
            port: Int(port[0]) << 8 | Int(port[1]))
        guard encoded == reader.taken(from: start) else { return nil }
    }

    private static func versions(_ text: String) -> ClosedRange<Int>? {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).compactMap { Int($0) }
        return bounds.count == 2 && bounds[0] <= bounds[1] ? bounds[0]...bounds[1] : nil
    }

    private static func isWord(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }
}

extension ByteReader {
    fileprivate mutating func text(limit: Int) -> String? {
        prefixed(limit: limit).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
