import CLinux
import Glibc
import KithAPI
import KithDigest

/// One file on its way to its place: it has no name there until it is whole, verified and on disk.
///
/// A reference type because it owns a temporary name.
final class FileWriter {
    /// The disk is asked to begin writing each time so much has come, so that the sync at the end is short.
    private static let stride = 8 << 20

    let header: EntryHeader
    let target: Target
    let temporary: TemporaryFile
    /// Nil where a part is gone on with: then the whole is read again at the end.
    private let hashed: TreeHash?
    /// What is still to come, in order.
    private var missing: ArraySlice<Range<Int>>
    private var begun = 0

    /// Begins at nothing.
    init(_ header: EntryHeader, at target: Target, unnamed: Bool = true) throws(KithError) {
        try target.refuseFolder()
        self.header = header
        self.target = target
        temporary = try explaining("written", target.path.text) { () throws(Errno) in
            try TemporaryFile(at: target, size: header.size, unnamed: unnamed)
        }
        hashed = header.size > Packer.smallSize ? TreeHash() : nil
        missing = [0..<header.size]
    }

    /// Goes on with `part`, of which these blocks are damaged.
    init(_ header: EntryHeader, at target: Target, resuming part: PartFile, damaged: [Range<Int>]) {
        self.header = header
        self.target = target
        temporary = TemporaryFile(part, in: target.folder)
        hashed = nil
        missing = damaged[...] + [part.length..<header.size]
    }

    /// Bytes that are still to come.
    var missingBytes: Int { missing.reduce(0) { $0 + $1.count } }

    /// Writes the next `bytes`, and hashes them meanwhile.
    ///
    /// - Throws: what the disk refuses, or `protocol` if they do not fit into what is missing.
    func write(_ bytes: [UInt8]) throws(KithError) {
        guard !bytes.isEmpty else { return }
        let offset = try advance(bytes.count)
        hashed?.update(bytes)
        do throws(Errno) {
            try temporary.descriptor.write(bytes, at: offset)
            beginWriting(offset + bytes.count)
        } catch {
            temporary.spoil()
            throw error.explained("written", target.path.text)
        }
    }

    /// Leaves a hole.
    func skip(_ count: Int) throws(KithError) {
        let end = try advance(count) + count
        let descriptor = temporary.descriptor
        try explaining("written", target.path.text) { () throws(Errno) in
            if try descriptor.status().size < end { try Errno.check(ftruncate(descriptor.raw, end)) }
        }
        hashed?.update(zeros: count)
    }

    private func advance(_ count: Int) throws(KithError) -> Int {
        while let first = missing.first, first.isEmpty { missing.removeFirst() }
        guard let first = missing.popFirst(), count <= first.count else { throw RecordReader.violation }
        missing = [first.lowerBound + count..<first.upperBound] + missing
        return first.lowerBound
    }

    private func beginWriting(_ end: Int) {
        guard end - begun >= Self.stride else { return }
        kith_begin_writing(temporary.descriptor.raw, Int64(begun), Int64(end - begun))
        begun = end
    }

    /// Verifies what was written against the sender's hash of the whole, and gives it its mode and time.
    func finish(_ digest: [UInt8]) throws(KithError) -> TemporaryFile {
        let ours: [UInt8]
        if let hashed { ours = hashed.finish() } else { ours = try wholeHash() }
        guard ours == digest else { throw mismatch }
        try settle()
        return temporary
    }

    /// Writes a small file in one piece.
    func fill(_ content: [UInt8], _ digest: [UInt8], hash: [UInt8]) throws(KithError) -> TemporaryFile {
        guard hash == digest else { throw mismatch }
        try write(content)
        try settle()
        return temporary
    }

    private func settle() throws(KithError) {
        try explaining("written", target.path.text) { () throws(Errno) in try temporary.settle(header) }
    }

    private func wholeHash() throws(KithError) -> [UInt8] {
        try explaining("read", target.path.text) { () throws(Errno) in
            try temporary.descriptor.fileHash(size: header.size)
        }
    }

    private var mismatch: KithError {
        KithError(
            .fileChecksum, "`\(target.path.text)` did not arrive as it was sent.",
            hint: "Send it again; the old file stands.")
    }
}
