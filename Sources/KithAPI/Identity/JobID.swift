/// One run of a command: `j` and twelve letters, unique on its node.
public struct JobID: Hashable, Sendable, CustomStringConvertible {
    /// The id as people type it.
    public let text: String

    /// Makes a new id from 60 random bits.
    public static func random(using generator: inout some RandomNumberGenerator) -> JobID {
        JobID(
            unchecked: "j"
                + String(
                    decoding: (0..<12).map { _ in Base32.alphabet.randomElement(using: &generator) ?? 97 },
                    as: UTF8.self))
    }

    /// Reads an id; nil if it cannot be one.
    public init?(_ text: String) {
        guard text.utf8.count == 13, text.hasPrefix("j"), text.utf8.allSatisfy(Base32.alphabet.contains) else {
            return nil
        }
        self.text = text
    }

    /// An id for examples.
    static let example = JobID(unchecked: "jmbswy3dpeblw")

    private init(unchecked text: String) { self.text = text }

    public var description: String { text }
}

extension JobID: ParameterValue {
    public static var schema: Schema { .string(format: nil) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = JobID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a job id")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
