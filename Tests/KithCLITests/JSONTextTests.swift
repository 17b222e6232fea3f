import KithAPI
import Testing

@testable import KithCLI

struct JSONTextTests {
    private static let entry = JSONValue.object(["command": "/bin/kith", "args": .array(["mcp", "serve"])])

    @Test func `one member is set and everything else stays byte for byte`() throws {
        let before =
            "{\n  \"z\" : [1,  2],\n  \"mcpServers\": {\n    \"other\": { \"a\": \"}\\\"\" }\n  },\n  \"a\": null\n}\n"
        var text = try JSONText(Array(before.utf8))

        try text.set("kith", in: "mcpServers", to: Self.entry)
        #expect(text.value(at: ["mcpServers", "kith"]) == Self.entry)
        #expect(text.value(at: ["mcpServers", "other", "a"]) == "}\"")

        let isRemoved = text.remove("kith", from: "mcpServers")
        #expect(isRemoved)
        #expect(String(decoding: text.bytes, as: UTF8.self) == before)
    }

    @Test(arguments: ["", "  \n", "{}", "{\"a\":1}", "{ \"mcpServers\": {} }", "{\"mcpServers\":null}"])
    func `a section that is missing or empty is made`(before: String) throws {
        var text = try JSONText(Array(before.utf8))

        try text.set("kith", in: "mcpServers", to: Self.entry)
        #expect(text.value(at: ["mcpServers", "kith"]) == Self.entry)

        try text.set("kith", in: "mcpServers", to: "new")
        #expect(text.value(at: ["mcpServers", "kith"]) == "new")
    }

    @Test(arguments: ["[]", "// a comment\n{}", "{\"a\":1,}", "{\"a\":1} x", "text"])
    func `what is not one object of plain JSON is left alone`(before: String) {
        #expect(throws: KithError.self) { try JSONText(Array(before.utf8)) }
    }

    @Test(arguments: [
        "{\"s\":{\"kith\":1,\"b\":2}}", "{\"s\":{\"b\":2,\"kith\":1}}", "{\"s\":{\"b\":2, \"kith\" : 1 , \"c\":3}}",
    ])
    func `a member is taken out wherever it stands`(before: String) throws {
        var text = try JSONText(Array(before.utf8))

        let isRemoved = text.remove("kith", from: "s")
        #expect(isRemoved)
        #expect(text.value(at: ["s", "b"]) == 2)
        #expect(text.value(at: ["s", "kith"]) == nil)
    }
}
