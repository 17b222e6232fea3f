/// Reads one entry; `not_found` if there is none or it has expired.
public struct GetContext: Call {
    /// The key.
    public var key: String

    /// A request for `key`.
    public init(key: String) { self.key = key }

    public typealias Reply = ContextEntry
    public static var name: String { "context.get" }
    public static var summary: String { "Read the value under a key." }
    public static var grant: Grant { .contextRead }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [Parameter("key", \Self.key, "The key.")] }
    public var object: String? { key }
    public static var example: GetContext { GetContext(key: "build/status") }
}
