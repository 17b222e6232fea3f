/// What people call a node: 1–63 bytes of letters, digits, `.`, `_` and `-`, not starting with a dash or a dot.
///
/// A worker of another node has that node's name before its own: `studio/worker-1`. Such a name is made by
/// ``init(_:of:)`` and read where names come back; nobody can be given one: ``init(_:)`` refuses it.
public struct PeerName: Hashable, Sendable, CustomStringConvertible {
    /// The name itself.
    public let text: String

    /// Checks `text`; nil if it cannot be a name.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...63).contains(bytes.count), bytes.allSatisfy(Self.allows),
            bytes[0] != UInt8(ascii: "-"), bytes[0] != UInt8(ascii: ".")
        else { return nil }
        self.text = text
    }

    /// What `worker` is called as a worker of `parent`, which is none itself.
    public init(_ worker: PeerName, of parent: PeerName) { text = "\(parent.text)/\(worker.text)" }

    /// Reads a name that was made here: also that of a worker with its parent's before it.
    public init?(whole text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { PeerName(String($0)) }
        guard parts.count <= 2, !parts.contains(nil) else { return nil }
        self.text = text
    }

    /// The name of the node whose worker this is; nil for a name without one.
    public var parent: PeerName? {
        let parts = text.split(separator: "/")
        return parts.count == 2 ? PeerName(String(parts[0])) : nil
    }

    /// The name alone, without a parent's before it.
    public var last: PeerName { PeerName(nearest: String(text.split(separator: "/").last ?? "")) }

    /// Whether people mean the node that they ask when they write `word` for a peer: `.` or `local`.
    public static func isThisNode(_ word: String) -> Bool { word == "." || word == "local" }

    /// The nearest valid name to what a machine calls itself.
    public init(nearest text: String) {
        let letters = text.utf8.map { Self.allows($0) ? $0 : UInt8(ascii: "-") }
        let trimmed = letters.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }.prefix(63)
        self.text = trimmed.isEmpty ? "node" : String(decoding: trimmed, as: UTF8.self)
    }

    public var description: String { text }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension PeerName: ParameterValue {
    public static var schema: Schema { .string(format: nil) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let name = PeerName(whole: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a node name")
        }
        self = name
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
