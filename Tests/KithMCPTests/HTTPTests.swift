import KithAPI
import Testing

@testable import KithMCP

struct HTTPTests {
    @Test(
        arguments: [
            ("plain", "plain"), ("=?base64?w6Q=?=", "ä"), ("=?base64?!?=", nil), ("=?base64?/w==?=", nil),
        ] as [(String, String?)])
    func `a header value that is not plain comes in base 64`(value: String, meaning: String?) {
        #expect(HeaderCheck.decoded(value) == meaning)
    }

    @Test func `a session id carries the revision and the client, and nothing is kept of it`() throws {
        let client = ClientFacts(revision: .june2025, name: "My Editor")
        let session = HTTPSession(client, unique: "abc")
        let request = HTTPRequest(method: "POST", headers: [("mcp-session-id", session.id)], body: [])

        #expect(HTTPSession(request) == session)
        #expect(session.client == "My-Editor")
    }

    @Test(arguments: ["", "x", "2026-07-28:a:b", "2025-06-18:a"])
    func `an id that is not ours is no session`(id: String) {
        #expect(HTTPSession(HTTPRequest(method: "POST", headers: [("mcp-session-id", id)], body: [])) == nil)
    }
}
