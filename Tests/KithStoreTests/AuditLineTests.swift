import KithAPI
import Testing

@testable import KithStore

@Suite struct AuditLineTests {
    /// Every ASCII character, the ends of the control ranges, and what takes two, three and four bytes.
    private static let hostile =
        String(String.UnicodeScalarView((0...0x9F).compactMap(Unicode.Scalar.init)))
        + "/é\u{2028}\u{FFFD}😀"

    @Test(arguments: [nil, "", "make -j8", hostile] as [String?])
    func `a line is byte for byte what the one way of writing JSON says`(object: String?) throws {
        let record = AuditRecord(
            number: 1 << 40, time: "2026-01-31T12:00:07.123Z", caller: object ?? "owner", action: "exec.run",
            object: object, result: "ok", details: object.map { ["b": $0, "a": "1", "B": "2", "é": "3", $0: "4"] },
            previous: String(repeating: "0", count: 64), hash: String(repeating: "f", count: 64))

        #expect(AuditLine(record, isSealed: true).bytes == (try JSON.encode(record)))
    }
}
