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
    mutating func seal(_ entry: AuditEntry, at time: String) throws -> (record: AuditRecord, line: [UInt8]) {
        var record = AuditRecord(
            number: number + 1, time: time, caller: entry.caller, action: entry.action, object: entry.object,
            result: entry.result, details: entry.details, previous: hash, hash: "")
        record.hash = try Self.hash(of: record)
        self = AuditChain(number: record.number, hash: record.hash)
        return (record, try JSON.encode(record))
    }

    /// Takes the next line if it is byte for byte what ``seal(_:at:)`` would have written.
    mutating func accept(_ line: [UInt8]) -> AuditRecord? {
        guard let record = try? JSON.decode(AuditRecord.self, from: line),
            record.number == number + 1, record.previous == hash,
            let fitting = try? Self.hash(of: record), record.hash == fitting,
            let canonical = try? JSON.encode(record), canonical == line
        else { return nil }
        self = AuditChain(number: record.number, hash: record.hash)
        return record
    }

    private static func hash(of record: AuditRecord) throws -> String {
        let unsealed = try JSON.encode(UnsealedRecord(record))
        return SHA256.hash(Array(record.previous.utf8) + unsealed).hexadecimal
    }
}

/// A record without its own hash: what the hash is taken of, after the hash of the record before.
private struct UnsealedRecord: Encodable {
    let number: Int
    let time: String
    let caller: String
    let action: String
    let object: String?
    let result: String
    let details: [String: String]?
    let previous: String

    init(_ record: AuditRecord) {
        number = record.number
        time = record.time
        caller = record.caller
        action = record.action
        object = record.object
        result = record.result
        details = record.details
        previous = record.previous
    }
}
