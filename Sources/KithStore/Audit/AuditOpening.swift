import FoundationEssentials
import Glibc
import KithAPI

/// What was found at the end of the log.
struct AuditInspection {
    /// Where the last whole line leaves the chain.
    var chain = AuditChain.beginning
    /// Where the last whole line ends.
    var end = 0
    /// Bytes after it: a line that a crash cut short, or what is no record.
    var tornBytes = 0
    /// Whether whole lines at the end are no records, which no crash of ours leaves behind.
    var endsInGarbage = false
    /// Whether the log holds the record that the checkpoint names.
    var isVouched = false
    /// What the log must say about it.
    var notices: [AuditEntry] = []
}

/// Opens the log: finds its end, moves what is no record there aside, holds it against the checkpoint. Blocks.
struct AuditOpening {
    /// What a record says that stands where the log does not hold what was once signed.
    static let mismatch = "audit.mismatch"

    let folder: PrivateFolder
    let seal: AuditSeal
    let now: @Sendable () -> Date

    func open() throws -> AuditLedger {
        let file = try Descriptor(folder.file(AuditLedger.name), O_RDWR | O_APPEND | O_CREAT)
        try file.makePrivate()
        guard file.lock() else {
            throw KithError(.daemonRunning, "Another daemon writes \(file.path).", hint: "Stop it first.")
        }
        try folder.synchronize()
        let checkpoint = try AuditCheckpoint(in: folder, seal)
        var found = try inspect(size: try file.size(), checkpoint)
        if found.tornBytes > 0 {
            try moveAside(found, file)
            found.notices.append(
                AuditEntry(node: "audit.recovered", result: "ok", details: ["tornBytes": String(found.tornBytes)]))
        }
        if !found.isVouched {
            let details = [
                "checkpoint": checkpoint.map { String($0.number) } ?? "none", "log": String(found.chain.number),
            ]
            found.notices.append(
                AuditEntry(node: Self.mismatch, result: ErrorCode.storeDamaged.rawValue, details: details))
        }
        return try AuditLedger(file, found, self)
    }

    /// Reads through the log once; only the last line and the one that the checkpoint names are decoded.
    private func inspect(size: Int, _ checkpoint: AuditCheckpoint?) throws -> AuditInspection {
        var found = AuditInspection()
        found.isVouched = try isFresh(size: size) || checkpoint?.chain == .beginning
        var scanner = LineScanner(try Descriptor(folder.file(AuditLedger.name), O_RDONLY), from: 0, to: size)
        var last: LineScanner.Line?
        var number = 0
        while let line = try scanner.next() {
            guard line.isEnded else {
                found.tornBytes = line.end - line.offset
                break
            }
            number += 1
            last = line
            if number == checkpoint?.number { found.isVouched = Self.chain(after: line) == checkpoint?.chain }
        }
        guard let last else { return found }
        if let chain = Self.chain(after: last) {
            (found.chain, found.end) = (chain, last.end)
        } else {
            found.endsInGarbage = true
            (found.chain, found.end) = try lastRecord(before: last.offset)
        }
        found.tornBytes = size - found.end
        return found
    }

    /// Where the last record that can be read leaves the chain, and where it ends; for a log that ends in garbage.
    private func lastRecord(before end: Int) throws -> (chain: AuditChain, end: Int) {
        var scanner = LineScanner(try Descriptor(folder.file(AuditLedger.name), O_RDONLY), from: 0, to: end)
        var found = (chain: AuditChain.beginning, end: 0)
        while let line = try scanner.next() {
            if let chain = Self.chain(after: line) { found = (chain, line.end) }
        }
        return found
    }

    private func isFresh(size: Int) throws -> Bool {
        try size == 0 && folder.size(of: AuditCheckpoint.name) == nil
    }

    /// What the line claims; whether the claim is true is for ``AuditVerifier`` to find out.
    private static func chain(after line: LineScanner.Line) -> AuditChain? {
        guard line.isWhole, let record = try? JSON.decode(AuditRecord.self, from: line.bytes) else { return nil }
        return AuditChain(number: record.number, hash: record.hash)
    }

    /// The torn bytes are safe under their new name before they leave the old one.
    private func moveAside(_ found: AuditInspection, _ file: borrowing Descriptor) throws {
        let torn = try Descriptor(folder.file(AuditLedger.tornName), O_WRONLY | O_APPEND | O_CREAT)
        try torn.makePrivate()
        for start in stride(from: found.end, to: found.end + found.tornBytes, by: 1 << 20) {
            try torn.write(try file.read(min(1 << 20, found.end + found.tornBytes - start), at: start))
        }
        try torn.write([UInt8(ascii: "\n")])
        try torn.synchronize()
        try folder.synchronize()
        try file.truncate(to: found.end)
        try file.synchronize()
    }
}
