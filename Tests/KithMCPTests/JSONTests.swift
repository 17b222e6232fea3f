import KithAPI
import Testing

@testable import KithMCP

struct JSONTests {
    @Test(
        arguments: [
            "null", "true", "[1,-2,3.5,1e3,-0,0]", #"{"a":{"b":[]},"c":"d"}"#, #""\u00e4\n\"\\\/\ud83d\ude00""#,
            " { \"a\" : [ 1 , 2 ] } ", "9223372036854775807", "18446744073709551616", #""ä€😀""#, "[[],{}]",
        ])
    func `it reads and writes what the standard coder does`(text: String) throws {
        let bytes = Array(text.utf8)
        let value = try JSONReader.value(of: bytes)

        #expect(value == (try JSON.decode(JSONValue.self, from: bytes)))
        #expect(try JSONReader.value(of: JSONWriter.bytes(of: value)) == value)
        #expect(try JSONReader.value(of: JSON.encode(value)) == value)
    }

    @Test(
        arguments: [
            "", " ", "{", "[", "\"", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[1 2]", "01", "1.", ".5", "+1", "1e",
            "-",
            "tru", "nul", "truee", "{} {}", "{\"a\":1,\"a\":2}", "\"\u{1}\"", #""\x""#, #""\u12""#, "1e999", "NaN",
            "'a'",
        ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONReader.Unsound.self) { try JSONReader.value(of: Array(text.utf8)) }
    }

    @Test func `depth is bounded and UTF-8 is checked`() throws {
        let deep = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)

        _ = try JSONReader.value(of: Array(deep.utf8))
        #expect(throws: JSONReader.Unsound.self) { try JSONReader.value(of: Array("[\(deep)]".utf8)) }
        #expect(throws: JSONReader.Unsound.self) { try JSONReader.value(of: [0x22, 0xFF, 0x22]) }
    }

    @Test func `ten thousand broken documents are refused or read, and never worse`() {
        let seed = Array(#"{"jsonrpc":"2.0","id":12,"params":{"a":[1,2.5,"x\n",null,true]}}"#.utf8)
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<10_000 {
            var bytes = seed
            for _ in 0...Int.random(in: 0...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let value = try? JSONReader.value(of: bytes)
            let again = value.flatMap { try? JSONReader.value(of: JSONWriter.bytes(of: $0)) }
            #expect(value == again)
        }
    }
}

/// The same numbers in every run (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
