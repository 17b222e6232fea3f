import Testing

@testable import KithMCP

struct RevisionTests {
    @Test(arguments: ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
    func `a handshake gets the revision that it asks for`(text: String) {
        #expect(Revision.negotiated(text).rawValue == text)
    }

    @Test(arguments: ["2026-07-28", "2099-01-01", "", "1.0"])
    func `a handshake that asks for something else gets our newest with a handshake`(text: String) {
        #expect(Revision.negotiated(text) == .november2025)
    }
}
