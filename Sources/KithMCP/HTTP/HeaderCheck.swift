import FoundationEssentials
import KithAPI

/// The newer era repeats in headers what the body says; who reads one must not be told otherwise by the other.
enum HeaderCheck {
    private static let names = ["tools/call": "name", "prompts/get": "name", "resources/read": "uri"]

    static func compare(_ http: HTTPRequest, _ request: Request) throws(RPCError) {
        for name in ["mcp-protocol-version", "mcp-method", "mcp-name"] {
            guard http.headers.count(where: { $0.name == name }) < 2 else {
                throw .headerMismatch("The header `\(name)` comes twice.")
            }
        }
        guard http["mcp-protocol-version"] == request.meta[MetaKey.protocolVersion]?.text else {
            throw .headerMismatch("The header `mcp-protocol-version` is not what the body says.")
        }
        guard http["mcp-method"] == request.method else {
            throw .headerMismatch("The header `mcp-method` is not what the body says.")
        }
        guard let field = names[request.method], let name = request.params[field]?.text else { return }
        guard http["mcp-name"].flatMap(decoded) == name else {
            throw .headerMismatch("The header `mcp-name` is not what the body says.")
        }
    }

    /// A header value; what is no plain ASCII comes as `=?base64?…?=`.
    static func decoded(_ value: String) -> String? {
        guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else { return value }
        guard let data = Data(base64Encoded: String(value.dropFirst(9).dropLast(2))) else { return nil }
        return String(validating: data, as: UTF8.self)
    }
}
