/// Forgets an entry; `not_found` if there was none.
public struct DeleteContext: Call {
    /// The key.
    public var key: String
    /// Only if the key has this version now.
    public var ifVersion: Int?

    /// A request to forget `key`.
    public init(key: String, ifVersion: Int? = nil) {
        self.key = key
        self.ifVersion = ifVersion
    }

    public typealias Reply = ContextEntry
    public static var name: String { "context.delete" }
    public static var summary: String { "Forget a key; answers with what it held." }
    public static var grant: Grant { .contextWrite }
    public static var parameters: [Parameter] {
        [
            Parameter("key", \Self.key, "The key."),
            Parameter("ifVersion", \Self.ifVersion, "Only if the key has this version now."),
        ]
    }
    public var object: String? { key }
    public static var example: DeleteContext { DeleteContext(key: "build/status") }
}
