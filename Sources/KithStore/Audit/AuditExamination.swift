import Glibc
public import KithAPI

/// A look at an audit log that no daemon has open. It changes nothing.
public enum AuditExamination {
    /// Walks the chain in `folder`, and holds it against the checkpoint; nil where there is no log yet. Blocks.
    ///
    /// A last line that a crash cut short counts for nothing: the next start moves it aside.
    /// - Parameter isSigned: see ``AuditLog/open(in:now:sign:isSigned:)``.
    /// - Throws: errors of the disk.
    public static func verify(
        in folder: String, isSigned: @escaping @Sendable ([UInt8], [UInt8]) -> Bool
    ) throws -> VerifyAudit.Reply? {
        let folder = try PrivateFolder(folder)
        let seal = AuditSeal(
            sign: { _ in throw KithError(.internalError, "Nothing is signed here.") }, isSigned: isSigned)
        guard let size = try folder.size(of: AuditLedger.name), size > 0 else { return nil }
        let checkpoint = try AuditCheckpoint(in: folder, seal)
        var chain = AuditChain.beginning
        var isVouched = checkpoint?.chain == chain
        var mismatch: Int?
        var scanner = LineScanner(try Descriptor(folder.file(AuditLedger.name), O_RDONLY), from: 0, to: size)
        while let line = try scanner.next(), line.isEnded {
            guard line.isWhole, let record = chain.accept(line.bytes) else {
                return VerifyAudit.Reply(records: chain.number, firstBadLine: chain.number + 1)
            }
            if record.action == AuditOpening.mismatch { mismatch = mismatch ?? record.number }
            if chain.number == checkpoint?.number { isVouched = chain == checkpoint?.chain }
        }
        guard !isVouched else { return VerifyAudit.Reply(records: chain.number) }
        let bad = mismatch ?? chain.number + 1
        return VerifyAudit.Reply(records: bad - 1, firstBadLine: bad)
    }
}
