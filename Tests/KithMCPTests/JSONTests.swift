import KithAPI
import Testing

@testable import KithMCP

struct JSONTests {
    @Test(
        arguments: [
            "null", "true", "[1,-2,3.5,1e3,-0,0]", #"{"a":{"b":[]},"c":"d"}"#, #""\u00e4\n\"\\\/\ud83d\ude00""#,
            " { \"a\" : [ 1 , 2 ] } ", "9223372036854775807", "18446744073709551616", #""ä€😀""#, "[[],{}]",
        ])
    func `what is read is written as the same`(text: String) throws {
        let value = try JSONValue(reading: Array("{\"v\":\(text)}".utf8))

        #expect(try JSONValue(reading: value.bytes) == value)
    }

    @Test func `whole numbers, texts and lists are what they say`() throws {
        let value = try JSONValue(reading: Array(#"{"n":[1,1.0,1e3,1.5],"t":"\ud83d\ude00","b":false,"z":null}"#.utf8))

        #expect(
            value
                == .object([
                    "n": .array([1, 1, 1000, .number(1.5)]), "t": "😀", "b": false, "z": .null,
                ]))
    }

    @Test(
        arguments: [
            "", " ", "{", "[", "\"", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[1 2]", "01", "1.", ".5", "+1", "1e",
            "-", "tru", "nul", "truee", "{} {}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "\"\u{1}\"", #""\x""#,
            #""\u12""#, #""\ud83d""#, #""\ude00\ud83d""#, "1e999", "NaN", "Infinity", "-Infinity", "'a'", "// a",
        ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: (any Error).self) { try JSONValue(reading: Array("{\"v\":\(text)}".utf8)) }
    }

    @Test func `depth is bounded and UTF-8 is checked`() throws {
        let deep = String(repeating: "[", count: 31) + String(repeating: "]", count: 31)

        _ = try JSONValue(reading: Array("{\"v\":\(deep)}".utf8))
        #expect(throws: (any Error).self) { try JSONValue(reading: Array("{\"v\":[\(deep)]}".utf8)) }
        #expect(throws: (any Error).self) {
            try JSONValue(reading: Array(#"{"v":""#.utf8) + [0xFF] + Array("\"}".utf8))
        }
    }

    @Test func `ten thousand broken documents are refused or read, and never worse`() {
        let seed = Array(#"{"jsonrpc":"2.0","id":12,"params":{"a":[1,2.5,"x\n",null,true]}}"#.utf8)
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<10_000 {
            var bytes = seed
            for _ in 0...Int.random(in: 0...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let value = try? JSONValue(reading: bytes)
            let again = value.flatMap { try? JSONValue(reading: $0.bytes) }
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
