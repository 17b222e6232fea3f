import KithAPI

/// What can be read without a tool.
enum ResourceShelf {
    /// One resource, or the kind of one.
    enum Resource: Equatable, Sendable {
        case peers, status, inbox
        case context(String)

        /// - Throws: ``RPCError`` for an address that is not ours.
        init(_ uri: String, at revision: Revision) throws(RPCError) {
            switch uri {
            case "kith://peers": self = .peers
            case "kith://status": self = .status
            case "kith://inbox": self = .inbox
            default:
                guard uri.hasPrefix("kith://context/"), let key = Self.unescape(uri.dropFirst(15)), !key.isEmpty
                else { throw ResourceShelf.unknown(uri, at: revision) }
                self = .context(key)
            }
        }

        private static func unescape(_ text: Substring) -> String? {
            var bytes: [UInt8] = []
            var rest = text.utf8[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "%") else {
                    bytes.append(byte)
                    continue
                }
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            }
            return String(validating: bytes, as: UTF8.self)
        }
    }

    /// A resource that is not there: each era has a code of its own.
    static func unknown(_ uri: String, at revision: Revision) -> RPCError {
        RPCError(
            revision.isLegacy ? -32002 : -32602, "There is no resource `\(uri)`.", data: .object(["uri": .string(uri)]))
    }

    /// One that can be watched.
    ///
    /// - Throws: ``RPCError`` for what is not there, and for what says something else at every look.
    static func watchable(_ uri: String, at revision: Revision) throws(RPCError) -> Resource {
        let resource = try Resource(uri, at: revision)
        guard resource != .status else { throw .invalidParams("`\(uri)` cannot be watched; read it when you need it.") }
        return resource
    }

    static func list(_ errand: Errand) throws -> MethodResult {
        try errand.requireFirstPage()
        return MethodResult(
            [
                "resources": .array([
                    entry("uri", "kith://peers", "peers", "Machines", "The user's machines, and which can be reached."),
                    entry("uri", "kith://status", "status", "This node", "How the local daemon is."),
                    entry("uri", "kith://inbox", "inbox", "Messages", "What waits for the agent of this machine."),
                ])
            ], lifetime: .build)
    }

    static func templates(_ errand: Errand) throws -> MethodResult {
        try errand.requireFirstPage()
        return MethodResult(
            [
                "resourceTemplates": .array([
                    entry(
                        "uriTemplate", "kith://context/{+key}", "context", "Value of a key",
                        "A value that agents and people keep on this machine.")
                ])
            ], lifetime: .build)
    }

    private static func entry(_ kind: String, _ uri: String, _ name: String, _ title: String, _ what: String)
        -> JSONValue
    {
        .object([
            kind: .string(uri), "name": .string(name), "title": .string(title), "description": .string(what),
            "mimeType": "application/json",
        ])
    }

    static func read(_ errand: Errand) async throws -> MethodResult {
        let uri = try errand.text("uri")
        let resource = try Resource(uri, at: errand.client.revision)
        do {
            let text = String(decoding: try await bytes(of: resource, errand), as: UTF8.self)
            return MethodResult(
                [
                    "contents": .array([
                        .object(["uri": .string(uri), "mimeType": "application/json", "text": .string(text)])
                    ])
                ], lifetime: .now)
        } catch let error as KithError where error.code == .notFound {
            throw unknown(uri, at: errand.client.revision)
        }
    }

    /// What a resource holds now. A value comes with its origin, since peers may have written it.
    static func bytes(of resource: Resource, _ errand: Errand) async throws -> [UInt8] {
        switch resource {
        case .peers: return try await errand.raw(ListPeers.name, Array("{}".utf8), at: .here)
        case .status: return try await errand.raw(GetStatus.name, Array("{}".utf8), at: .here)
        case .inbox:
            let inbox = try await errand.ask(
                ReadInbox(agent: errand.server.agent?.current, limit: InboxReading.most, peek: true))
            return try JSONValue(encoding: InboxReading.Page(inbox)).with(["origin": Origin.json(.here)]).bytes
        case .context(let key):
            let entry = try await errand.ask(GetContext(key: key))
            return try JSONValue(encoding: entry).with(["origin": Origin.json(.here)]).bytes
        }
    }
}
