import FoundationEssentials
import KithAPI
import KithDigest

/// Where the chain of records stands: the number and the hash of the last one. Pure.
struct AuditChain: Equatable, Sendable {
    var number: Int
    var hash: String

    /// Before the first record.
    static let beginning = AuditChain(number: 0, hash: String(repeating: "0", count: 64))

    /// Makes the next record, and its line without the newline.
    mutating func seal(_ entry: AuditEntry, at time: String) -> (record: AuditRecord, line: [UInt8]) {
        var record = AuditRecord(
            number: number + 1, time: time, caller: entry.caller, action: entry.action, object: entry.object,
            result: entry.result, details: entry.details, previous: hash, hash: "")
        record.hash = Self.hash(of: record)
        self = AuditChain(number: record.number, hash: record.hash)
        return (record, AuditLine(record, isSealed: true).bytes)
    }

    /// Takes the next line if it is byte for byte what ``seal(_:at:)`` would have written.
    mutating func accept(_ line: [UInt8]) -> AuditRecord? {
        guard let record = try? JSON.decode(AuditRecord.self, from: line),
            record.number == number + 1, record.previous == hash,
            record.hash == Self.hash(of: record), AuditLine(record, isSealed: true).bytes == line
        else { return nil }
        self = AuditChain(number: record.number, hash: record.hash)
        return record
    }

    private static func hash(of record: AuditRecord) -> String {
        SHA256.hash(Array(record.previous.utf8) + AuditLine(record, isSealed: false).bytes).hexadecimal
    }
}
