import CLinux
import Glibc
import KithAPI

/// One file of a job's output: whole frames, from the cursor in its name on.
///
/// The files of a job that runs are our own and trusted; those of an ended one are looked through once, and
/// what does not hold frames is cut off.
///
/// A file may be used for a second segment, since memory that it has already costs half of what new memory does. Then
/// a mark that begins no frame stands before what is left of the first, until the file is sealed.
final class Segment {
    /// The cursor of its first byte of output.
    let start: Int
    private let folder: String
    /// What was written or found; nil where nobody has looked yet.
    private var measured: (end: Int, size: Int)?
    /// Bytes of the file where it was used before; what lies behind ``size`` is of no value.
    private var oldLength = 0
    /// Whether pages of the file, and not copies, were given to a socket: they must never change.
    private var isLent = false
    private var readers = 0

    /// A segment that is to be written.
    init(start: Int, in folder: String) {
        self.start = start
        self.folder = folder
        measured = (start, 0)
    }

    /// A segment that was written by a keeper before us.
    init?(name: String, in folder: String) {
        guard name.hasPrefix(Self.prefix), let start = Int(name.dropFirst(Self.prefix.count)),
            (0..<Self.limit).contains(start)
        else {
            return nil
        }
        self.start = start
        self.folder = folder
    }

    /// The cursor behind its last byte. Blocks while a file of an ended job is looked through.
    var end: Int { extent.end }

    /// Bytes of the file that hold whole frames. Blocks as ``end``.
    var size: Int { extent.size }

    private static let prefix = "output-"
    /// No process writes so much.
    static let limit = 1 << 60

    var path: String {
        let digits = String(start)
        return folder + "/" + Self.prefix + String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
    }

    /// Whether nobody reads it, or has not received what he was lent.
    var isFree: Bool { readers == 0 && !isLent }

    /// Opens it for reading; whatever it is, without waiting. ``close(_:)`` follows.
    func open() -> Int32? {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return nil }
        readers += 1
        return file
    }

    /// Closes what ``open()`` has opened.
    func close(_ file: Int32) {
        Glibc.close(file)
        readers -= 1
    }

    /// Sends some of its bytes without a copy.
    func lend(from file: Int32, at offset: Int, count: Int, to socket: Int32) -> Int {
        isLent = true
        return kith_send_file(socket, file, off_t(offset), count)
    }

    /// Opens it for writing.
    func create() -> Int32? {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        return file < 0 ? nil : file
    }

    /// Takes over the file of a segment that nobody reads, and opens it for writing.
    func create(from old: Segment) -> Int32? {
        var facts = stat()
        let file = Glibc.open(old.path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return nil }
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, Self.write(Self.mark, to: file, at: 0),
            rename(old.path, path) == 0
        else {
            Glibc.close(file)
            return nil
        }
        oldLength = Int(facts.st_size)
        return file
    }

    func remove() { unlink(path) }

    /// Nothing more will be written: what was in the file before goes.
    func seal(_ file: Int32) {
        if oldLength > size { ftruncate(file, off_t(size)) }
        oldLength = 0
    }

    /// Writes frames behind what it has, all or nothing.
    func append(_ frames: UnsafeRawBufferPointer, payload: Int, to file: Int32) -> Bool {
        let isWritten = oldLength > size ? overwrite(frames, in: file) : Self.write(frames, to: file, at: size)
        guard isWritten else {
            ftruncate(file, off_t(size))
            oldLength = 0
            return false
        }
        measured = (end + payload, size + frames.count)
        return true
    }

    /// The first byte goes last, over the mark: whoever looks through the file after a sudden end finds all or none.
    private func overwrite(_ frames: UnsafeRawBufferPointer, in file: Int32) -> Bool {
        let next = size + frames.count
        guard next >= oldLength || Self.write(Self.mark, to: file, at: next) else { return false }
        return Self.write(UnsafeRawBufferPointer(rebasing: frames[1...]), to: file, at: size + 1)
            && Self.write(UnsafeRawBufferPointer(rebasing: frames[..<1]), to: file, at: size)
    }

    /// No kind of frame.
    private static let mark: UInt8 = 0xFF

    private static func write(_ byte: UInt8, to file: Int32, at offset: Int) -> Bool {
        withUnsafeBytes(of: byte) { write($0, to: file, at: offset) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int) -> Bool {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = pwrite(file, rest.baseAddress, rest.count, off_t(offset + written))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    /// Where the frame begins that holds `cursor`, and its bytes from there on; nil if it has none.
    func piece(at cursor: Int) -> (rest: [UInt8], offset: Int)? {
        guard cursor >= start, cursor < end, let file = open() else { return nil }
        defer { close(file) }
        var scan = FrameScan(file: file, size: size)
        var place = start
        while let frame = scan.next() {
            guard place + frame.length > cursor else {
                place += frame.length
                continue
            }
            let skipped = cursor - place
            var bytes = [UInt8](repeating: 0, count: frame.length - skipped)
            let first = frame.offset + Frame.headerSize + skipped
            guard pread(file, &bytes, bytes.count, off_t(first)) == bytes.count else { return nil }
            let rest = Frame(frame.kind, bytes)
            return (rest.header + rest.payload, scan.offset)
        }
        return nil
    }

    private var extent: (end: Int, size: Int) {
        if let measured { return measured }
        let found = measure()
        measured = found
        return found
    }

    private func measure() -> (end: Int, size: Int) {
        var facts = stat()
        guard let file = open() else { return (start, 0) }
        defer { close(file) }
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return (start, 0) }
        var scan = FrameScan(file: file, size: Int(facts.st_size))
        var end = start
        while let frame = scan.next() { end += frame.length }
        return (end, scan.offset)
    }
}
