import KithAPI
import Testing

struct JSONGuardTests {
    @Test func `the keys of an object are told, those inside it are not`() throws {
        #expect(try keys(#"{"a":1,"b":{"c":[{"d":null}]}, "e" : "\u0041"}"#) == ["a", "b", "e"])
    }

    @Test(arguments: [
        #"{"a":1,"a":2}"#, #"{"a":{"b":1,"b":2}}"#, #"{"a":1,"\u0061":2}"#, "[]", "1", "", "{", #"{"a"}"#, #"{"a":}"#,
        #"{"a":1}x"#, #"{"a":"\x"}"#, "{\"a\":\"\u{1}\"}", #"{"a":1,}"#, #"{a:1}"#, #"{"a":"\ud800"}"#,
    ])
    func `what is not one sound object is refused`(text: String) {
        let error = #expect(throws: KithError.self) { try JSONGuard.keys(of: Array(text.utf8)) }
        #expect(error?.code == .requestInvalid)
    }

    @Test func `thirty-two levels pass and thirty-three do not`() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: #"{"a":"#, count: levels) + "1" + String(repeating: "}", count: levels)
        }
        #expect(try keys(nested(31)) == ["a"])
        #expect(throws: KithError.self) { try keys(nested(33)) }
    }

    @Test(arguments: [
        "9223372036854775807", "-9223372036854775808", "9007199254740994", "1e16", "-1E300", "1e999",
        "0.0000001e400", #"{"b":[1,123456789012345678901234567890]}"#,
    ])
    func `a number that cannot be counted with is refused`(text: String) throws {
        #expect(throws: KithError.self) { try keys(#"{"a":\#(text)}"#) }
        #expect(try JSONGuard.keys(of: Array(#"{"a":\#(text)}"#.utf8), takesAnyNumber: true) == ["a"])
    }

    @Test(arguments: [
        "9007199254740992", "-9007199254740992", "0", "-1", "1e15", "0.000000000000000001", "true", "null",
    ])
    func `every other number passes`(text: String) throws {
        #expect(try keys(#"{"a":\#(text)}"#) == ["a"])
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(throws: KithError.self) { try JSONGuard.keys(of: Array(#"{"a":""#.utf8) + [0xFF] + Array(#""}"#.utf8)) }
    }

    @Test func `ten thousand mutations never pass the guard and then break the decoder's promise`() throws {
        var random = Seeded(state: 5484)
        let original = try JSON.encode(SetContext.example)
        for _ in 0..<10_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            guard (try? JSONGuard.keys(of: bytes)) != nil else { continue }
            do { _ = try JSON.decode(SetContext.self, from: bytes) } catch { #expect(error is KithError) }
        }
    }

    @discardableResult private func keys(_ text: String) throws -> Set<String> {
        try JSONGuard.keys(of: Array(text.utf8))
    }
}

/// Chance that can be repeated (splitmix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
