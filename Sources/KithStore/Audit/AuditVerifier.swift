import Glibc
import KithAPI

/// Walks the whole chain, and holds its end against the checkpoint and against what the log itself knows. Blocks.
struct AuditVerifier {
    let folder: PrivateFolder
    /// Where the log itself says that the chain stands.
    let known: AuditChain
    /// How many bytes the log wrote, and how many are there.
    let size: Int
    let sizeOnDisk: Int
    /// Read before `known`, so that the log cannot have been shorter.
    let checkpoint: AuditCheckpoint?

    func verify() throws -> VerifyAudit.Reply {
        var chain = AuditChain.beginning
        var isVouched = checkpoint?.chain == chain
        var mismatch: AuditChain?
        var scanner = LineScanner(try Descriptor(folder.file(AuditLedger.name), O_RDONLY), from: 0, to: size)
        while let line = try scanner.next() {
            guard line.isWhole, let record = chain.accept(line.bytes) else { return Self.bad(after: chain) }
            if record.action == AuditOpening.mismatch { mismatch = mismatch ?? chain }
            guard chain.number == checkpoint?.number else { continue }
            guard chain == checkpoint?.chain else { return Self.bad(at: mismatch ?? chain) }
            isVouched = true
        }
        guard isVouched || mismatch == nil else { return Self.bad(at: mismatch ?? chain) }
        guard isVouched, chain == known, sizeOnDisk == size else { return Self.bad(after: chain) }
        return VerifyAudit.Reply(records: chain.number)
    }

    private static func bad(after chain: AuditChain) -> VerifyAudit.Reply {
        VerifyAudit.Reply(records: chain.number, firstBadLine: chain.number + 1)
    }

    private static func bad(at chain: AuditChain) -> VerifyAudit.Reply {
        VerifyAudit.Reply(records: chain.number - 1, firstBadLine: chain.number)
    }
}
