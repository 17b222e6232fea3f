public import KithAPI

/// What is to be written into the audit log; number, time and hash are the log's own business.
public struct AuditEntry: Sendable, Equatable {
    /// Bytes of UTF-8 that are kept of an object and of each detail; the rest is cut off.
    public static let textBytes = 1_024
    /// How many details are kept, the first by the order of their keys.
    public static let maximumDetails = 32

    let caller: String
    let action: String
    let object: String?
    let result: String
    let details: [String: String]?

    /// An entry about what `caller` did, or tried to do.
    ///
    /// - Parameters:
    ///   - caller: who asked, as the door says it.
    ///   - action: the capability, for example `exec.run`.
    ///   - object: what it was done to; cut to 1,024 bytes on a character boundary.
    ///   - result: `began`, `ok`, `denied`, or the code of an error.
    ///   - details: facts, for example the exit code; never a secret.
    public init(
        caller: Caller, action: String, object: String? = nil, result: String, details: [String: String]? = nil
    ) {
        self.init(callerText: caller.description, action: action, object: object, result: result, details: details)
    }

    /// An entry about what the node itself found out.
    init(node action: String, result: String, details: [String: String]) {
        self.init(callerText: "node", action: action, object: nil, result: result, details: details)
    }

    private init(callerText: String, action: String, object: String?, result: String, details: [String: String]?) {
        caller = Self.plain(callerText, 128)
        self.action = Self.plain(action, 128)
        self.object = object.map { Self.plain($0, Self.textBytes) }
        self.result = Self.plain(result, 128)
        self.details = details.map(Self.plain)
    }

    private static func plain(_ details: [String: String]) -> [String: String] {
        let kept = details.sorted { $0.key < $1.key }.prefix(maximumDetails)
        return Dictionary(kept.map { (plain($0.key, 128), plain($0.value, textBytes)) }) { first, _ in first }
    }

    /// Cuts the text, and replaces what JSON leaves as it is but some terminals obey (DEL and C1 controls).
    private static func plain(_ text: String, _ bytes: Int) -> String {
        guard text.utf8.count > bytes || text.utf8.contains(where: { $0 >= 0x7F }) else { return text }
        var kept = String.UnicodeScalarView()
        var size = 0
        for character in text {
            size += character.utf8.count
            guard size <= bytes else { break }
            kept.append(contentsOf: character.unicodeScalars.map { (0x7F...0x9F).contains($0.value) ? "\u{FFFD}" : $0 })
        }
        return cut(String(kept), bytes)
    }

    /// The replacement takes more bytes than some of what it replaces.
    private static func cut(_ text: String, _ bytes: Int) -> String {
        var text = text
        while text.utf8.count > bytes { text.removeLast() }
        return text
    }
}
