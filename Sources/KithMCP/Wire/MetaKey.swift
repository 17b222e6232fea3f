/// The keys of `_meta` that the protocol has taken for itself.
enum MetaKey {
    static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
    static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    static let clientInfo = "io.modelcontextprotocol/clientInfo"
    static let serverInfo = "io.modelcontextprotocol/serverInfo"
    static let subscriptionID = "io.modelcontextprotocol/subscriptionId"
    /// The extension for work that outlasts a call.
    static let tasks = "io.modelcontextprotocol/tasks"
    /// Ours: the error of a tool, for programs.
    static let error = "kith/error"
}
