public import FoundationEssentials

/// A key and its value, as the node that holds it knows them.
public struct ContextEntry: Described, Equatable {
    /// The key, at most 512 bytes.
    public var key: String
    /// The value, at most 1 MiB.
    public var value: String
    /// Rises by one with every change of the key; 1 at first.
    public var version: Int
    /// When the key was first set.
    public var createdAt: Date
    /// When it was last set.
    public var updatedAt: Date
    /// When it will be forgotten; nil means never.
    public var expiresAt: Date?

    /// An entry from its parts.
    public init(key: String, value: String, version: Int, createdAt: Date, updatedAt: Date, expiresAt: Date? = nil) {
        self.key = key
        self.value = value
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.expiresAt = expiresAt
    }

    public static var parameters: [Parameter] {
        [
            Parameter("key", \Self.key, "The key."),
            Parameter("value", \Self.value, "The value."),
            Parameter("version", \Self.version, "Rises by one with every change of the key."),
            Parameter("createdAt", \Self.createdAt, "When the key was first set."),
            Parameter("updatedAt", \Self.updatedAt, "When it was last set."),
            Parameter("expiresAt", \Self.expiresAt, "When it will be forgotten."),
        ]
    }
}
