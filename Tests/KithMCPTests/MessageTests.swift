import KithAPI
import Testing

@testable import KithMCP

struct MessageTests {
    @Test func `a request, a notification and a response are told apart`() throws {
        let request = try Message.read(bytes(#"{"jsonrpc":"2.0","id":"a","method":"m","params":{"x":1}}"#))
        let notification = try Message.read(bytes(#"{"jsonrpc":"2.0","method":"n"}"#))
        let response = try Message.read(bytes(#"{"jsonrpc":"2.0","id":2,"result":{}}"#))

        #expect(request == .request(Request(id: .text("a"), method: "m", params: ["x": 1])))
        #expect(notification == .notification("n", [:]))
        #expect(response == .response(.number(2), .success(.object([:] as [String: JSONValue]))))
    }

    @Test(
        arguments: [
            ("{", -32700), ("", -32700), (#"{"jsonrpc":"2.0","id":1,"id":2,"method":"m"}"#, -32700), ("[1]", -32600),
            ("3", -32600), (#"{"id":1,"method":"m"}"#, -32600), (#"{"jsonrpc":"2.0","id":null,"method":"m"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":2}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"m","params":[]}"#, -32602),
        ])
    func `what is malformed is refused with the code of its kind`(text: String, code: Int) {
        let refusal = #expect(throws: Refusal.self) { try Message.read(bytes(text)) }
        #expect(refusal?.error.code == code)
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}
