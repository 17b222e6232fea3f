import Glibc
import KithAPI

/// One file of a job's output: whole frames, from the cursor in its name on.
///
/// The files of a job that runs are our own and trusted; those of an ended one are looked through once, and
/// what does not hold frames is cut off.
final class Segment {
    /// The cursor of its first byte of output.
    let start: Int
    /// The cursor behind its last one.
    private(set) var end: Int
    /// Bytes of the file that hold whole frames.
    private(set) var size = 0
    private let folder: String

    /// A segment that is to be written.
    init(start: Int, in folder: String) {
        self.start = start
        self.folder = folder
        end = start
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
        end = start
        guard let file = open() else { return nil }
        defer { close(file) }
        measure(file)
    }

    private static let prefix = "output-"
    /// No process writes so much.
    static let limit = 1 << 60

    var path: String {
        let digits = String(start)
        return folder + "/" + Self.prefix + String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
    }

    /// Opens it for reading; whatever it is, without waiting.
    func open() -> Int32? {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        return file < 0 ? nil : file
    }

    /// Opens it for writing.
    func create() -> Int32? {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        return file < 0 ? nil : file
    }

    func remove() { unlink(path) }

    /// Writes frames behind what it has, all or nothing.
    func append(_ frames: UnsafeRawBufferPointer, payload: Int, to file: Int32) -> Bool {
        var written = 0
        while written < frames.count {
            let rest = UnsafeRawBufferPointer(rebasing: frames[written...])
            let count = pwrite(file, rest.baseAddress, rest.count, off_t(size + written))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                ftruncate(file, off_t(size))
                return false
            }
            written += count
        }
        size += frames.count
        end += payload
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

    private func measure(_ file: Int32) {
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return }
        var scan = FrameScan(file: file, size: Int(facts.st_size))
        while let frame = scan.next() { end += frame.length }
        size = scan.offset
    }
}
