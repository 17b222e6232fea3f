/// Stores a value under a key on the node that is asked.
public struct SetContext: Call, Fenced {
    /// The key: 1–512 bytes of UTF-8.
    public var key: String
    /// The value: at most 1 MiB of UTF-8.
    public var value: String
    /// Forget the entry after this long; must be positive.
    public var secondsToLive: Int?
    /// Only if the key has this version now; 0 means "only if it does not exist".
    public var ifVersion: Int?
    /// Only while this task has not been claimed by somebody later; needs `token`.
    public var task: TaskID?
    /// The token of the claim on `task`.
    public var token: Int?

    /// A request to store `value` under `key`.
    public init(
        key: String, value: String, secondsToLive: Int? = nil, ifVersion: Int? = nil, task: TaskID? = nil,
        token: Int? = nil
    ) {
        self.key = key
        self.value = value
        self.secondsToLive = secondsToLive
        self.ifVersion = ifVersion
        self.task = task
        self.token = token
    }

    public typealias Reply = ContextEntry
    public static var name: String { "context.set" }
    public static var summary: String { "Store a value under a key." }
    public static var grant: Grant { .contextWrite }
    public static var parameters: [Parameter] {
        [
            Parameter("key", \Self.key, "The key, for example `build/status`."),
            Parameter("value", \Self.value, "The text to store."),
            Parameter("secondsToLive", \Self.secondsToLive, "Forget the entry after this long."),
            Parameter("ifVersion", \Self.ifVersion, "Only if the key has this version now; 0 means it must not exist."),
        ] + fence
    }
    public var object: String? { key }
    public static var example: SetContext { SetContext(key: "build/status", value: "green", secondsToLive: 60) }
}
