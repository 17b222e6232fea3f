/// The revisions of the protocol that are spoken here.
enum Revision: String, CaseIterable, Sendable {
    case november2024 = "2024-11-05"
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"

    /// Whether a handshake opens it; the others carry everything in each request.
    var isLegacy: Bool { self != .july2026 }

    /// What ``modern`` clients may choose from.
    static let modern: [Revision] = [.july2026]

    /// The answer to a handshake that asks for `text`: the same if we know it, else our newest with a handshake.
    static func negotiated(_ text: String) -> Revision {
        guard let asked = Revision(rawValue: text), asked.isLegacy else { return .november2025 }
        return asked
    }
}
