import Foundation
import KithAPI
import Testing

@testable import KithCLI

/// The words of `kith call`, turned into requests.
struct CallFieldsTests {
    private func request(_ capability: any Capability.Type, _ words: String...) async throws -> String {
        let value = try await CallFields(capability.parameters).request(words)
        return String(decoding: try JSON.encode(value), as: UTF8.self)
    }

    @Test func `values are read as their fields want them`() async throws {
        #expect(
            try await request(SetContext.self, "key=a", "value=007", "secondsToLive=60")
                == #"{"key":"a","secondsToLive":60,"value":"007"}"#)
        #expect(try await request(InvitePeer.self, "asString=true") == #"{"asString":true}"#)
        #expect(try await request(GrantPeer.self, "peer=x", "preset=mine") == #"{"peer":"x","preset":"mine"}"#)
    }

    @Test func `a list grows with every word`() async throws {
        let json = try await request(RunCommand.self, "command=git", "command=log", "timeoutSeconds=1.5")

        #expect(json == #"{"command":["git","log"],"timeoutSeconds":1.5}"#)
    }

    @Test func `a list may be given as JSON`() async throws {
        #expect(try await request(RunCommand.self, #"command=["a","b"]"#) == #"{"command":["a","b"]}"#)
    }

    @Test func `a map grows with every word`() async throws {
        let json = try await request(RunCommand.self, "environment=A=1", "environment=B=x=y")

        #expect(json == #"{"environment":{"A":"1","B":"x=y"}}"#)
    }

    @Test func `raw JSON goes anywhere`() async throws {
        #expect(
            try await request(GrantPeer.self, "peer=x", #"add:=[{"grant":"exec","effect":"allow","scope":[]}]"#)
                == #"{"add":[{"effect":"allow","grant":"exec","scope":[]}],"peer":"x"}"#)
        #expect(try await request(SetContext.self, "key=a", #"value:="b""#) == #"{"key":"a","value":"b"}"#)
    }

    @Test func `text may come from a file`() async throws {
        let path = NSTemporaryDirectory() + "kith-call-" + UUID().uuidString
        try "from a file\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }

        #expect(try await request(GetContext.self, "key=@\(path)") == #"{"key":"from a file\n"}"#)
        #expect(try await request(GetContext.self, "key=@@x") == #"{"key":"@x"}"#)
    }

    @Test(arguments: [
        ["value=b"], ["key=a"], ["key=a", "value=b", "nonsense=1"], ["key=a", "value=b", "secondsToLive=soon"],
        ["key=a", "key=b", "value=c"], ["key"], ["=x"], ["key:={", "value=b"], ["key:=1,\"x\":2", "value=b"],
        ["key=@/no/such/file", "value=b"],
    ])
    func `what does not fit is refused`(words: [String]) async throws {
        await #expect(throws: KithError.self) { try await CallFields(SetContext.parameters).request(words) }
    }

    @Test func `every example can be said in fields`() async throws {
        for capability in Catalogue.all { try await check(capability) }
    }

    private func check<C: Capability>(_ capability: C.Type) async throws {
        guard case .object(let members) = try JSON.decode(JSONValue.self, from: JSON.encode(C.example)) else { return }
        let words = try members.map { "\($0.key):=" + String(decoding: try JSON.encode($0.value), as: UTF8.self) }

        let request = try await CallFields(C.parameters).request(words)

        #expect(try JSON.decode(C.self, from: JSON.encode(request)) == C.example)
    }
}
