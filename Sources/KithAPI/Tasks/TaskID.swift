/// The id of a task: `t` and twelve letters, a dash, and the first eight letters of its home's id.
public struct TaskID: Hashable, Sendable, CustomStringConvertible {
    /// The id as people type it.
    public let text: String

    /// Makes a new id of a task whose home is `home`.
    public static func random(home: PeerID, using generator: inout some RandomNumberGenerator) -> TaskID {
        let letters = (0..<12).map { _ in Base32.alphabet.randomElement(using: &generator) ?? 97 }
        return TaskID(unchecked: "t\(String(decoding: letters, as: UTF8.self))-\(home.short)")
    }

    /// Reads an id; nil if it cannot be one.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 22, bytes[0] == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: "-"),
            (bytes[1..<13] + bytes[14...]).allSatisfy(Base32.alphabet.contains)
        else { return nil }
        self.text = text
    }

    /// The beginning of the id of the node that decides about the task.
    public var home: String { String(text.suffix(8)) }

    /// The one that stands in examples.
    public static let example = TaskID(unchecked: "tabcdefghijkl-v572wr3t")

    private init(unchecked text: String) { self.text = text }

    public var description: String { text }
}

extension TaskID: ParameterValue {
    public static var schema: Schema { .string(format: nil) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = TaskID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a task id")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
