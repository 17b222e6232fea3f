import KithAPI
import Testing

@testable import KithStore

@Suite struct AuditEntryTests {
    private func object(_ text: String) -> String? {
        AuditEntry(caller: .owner, action: "a", object: text, result: "ok").object
    }

    @Test func `an object is cut to 1024 bytes between characters`() {
        #expect(object(String(repeating: "a", count: 1_025)) == String(repeating: "a", count: 1_024))
        #expect(object(String(repeating: "é", count: 1_000)) == String(repeating: "é", count: 512))
        #expect(object("a" + String(repeating: "é", count: 1_000)) == "a" + String(repeating: "é", count: 511))
        #expect(object(String(repeating: "👩‍👩‍👧", count: 100))?.utf8.count == 56 * 18)
        #expect(object(String(repeating: "\u{9B}", count: 1_000))?.utf8.count == 1_023)
    }

    @Test func `details have a limit in number and in length`() {
        let details = Dictionary(
            uniqueKeysWithValues: (100..<200).map { ("\($0)", String(repeating: "v", count: 2_000)) })
        let kept = AuditEntry(caller: .owner, action: "a", result: "ok", details: details).details
        #expect(kept?.count == 32)
        #expect(kept?["100"]?.utf8.count == 1_024)
    }

    @Test func `no control character reaches the file as it is`() async throws {
        try await Home.with { home in
            let log = try home.openLog()
            let hostile = "\u{1B}[2J\r\n\u{9B}31m\u{7F}\0\u{8}\u{85}"
            let entry = AuditEntry(
                caller: .owner, action: hostile, object: hostile, result: hostile, details: [hostile: hostile])
            _ = try await log.append(entry)
            let text = String(decoding: try home.read("audit.jsonl").dropLast(), as: UTF8.self)
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
            #expect(try await log.verify() == VerifyAudit.Reply(records: 1))
            try await log.close()
        }
    }
}
