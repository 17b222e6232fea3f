import KithAPI
import Testing

@testable import KithExec

@Suite struct KeptOutputTests {
    private func kept(_ bytes: [UInt8], limit: Int) -> KeptOutput {
        var output = KeptOutput(limit: limit)
        for byte in bytes { output.append([byte]) }
        return output
    }

    @Test(arguments: [(0, ""), (1, ""), (2, "é"), (4, "é"), (5, "é€"), (8, "é€"), (9, "é€😀"), (20, "é€😀")])
    func `text is never cut inside a character`(limit: Int, expected: String) {
        let output = kept(Array("é€😀".utf8), limit: limit)
        #expect(output.written.text == expected)
        #expect(output.written.encoding == .utf8)
        #expect(output.written.bytes == 9)
        #expect(output.isTruncated == (limit < 9))
    }

    @Test func `what is not text comes in base 64`() {
        let output = kept([0x66, 0xFF, 0x00], limit: 10)
        #expect(output.written == ("Zv8A", .base64, 3))
    }

    @Test func `half a character at the true end is not text`() {
        #expect(kept([0x66, 0xE2, 0x82], limit: 3).written.encoding == .base64)
    }

    @Test func `bytes that are not text are kept to the limit`() {
        let output = kept(Array(repeating: 0xFF, count: 9), limit: 3)
        #expect(output.written == ("////", .base64, 9))
        #expect(output.isTruncated)
    }
}
