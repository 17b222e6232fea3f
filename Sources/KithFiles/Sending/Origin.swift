import Glibc
import KithAPI

/// A file that was announced: how to find it again, and what it was then.
struct Origin: Sendable {
    /// How it is reached: as the place that was judged, or by its name in its open folder.
    enum Place: Sendable {
        case found(Descriptor)
        case named(FileName, in: Descriptor)
    }

    let place: Place
    let path: DiskPath
    let status: FileStatus

    /// What is kept open for it.
    var holder: ObjectIdentifier {
        switch place {
        case .found(let found): ObjectIdentifier(found)
        case .named(_, let folder): ObjectIdentifier(folder)
        }
    }

    /// Opens it for reading; never through a link, and nothing that could block.
    ///
    /// - Throws: `conflict` if it is another file by now, or has changed.
    func open() throws(KithError) -> Descriptor {
        let descriptor = try openUnchecked()
        try requireUnchanged(descriptor)
        return descriptor
    }

    /// All of it. It is looked at once, after it was read: what is another file by now was read in vain.
    ///
    /// - Throws: as ``open()``.
    func whole() throws(KithError) -> [UInt8] {
        let descriptor = try openUnchecked()
        let bytes = try read(0..<status.size, of: descriptor)
        try requireUnchanged(descriptor)
        return bytes
    }

    private func openUnchecked() throws(KithError) -> Descriptor {
        try explaining("read", path.text) { () throws(Errno) in
            switch place {
            case .found(let found): try found.reopened(O_RDONLY | O_NONBLOCK)
            case .named(let name, let folder): try folder.entry(name, O_RDONLY | O_NONBLOCK | O_NOCTTY)
            }
        }
    }

    /// - Throws: `conflict` if what is open is not what was announced any more.
    func requireUnchanged(_ descriptor: Descriptor) throws(KithError) {
        let now = try explaining("read", path.text) { () throws(Errno) in try descriptor.status() }
        guard now.isSameContent(as: status) else { throw changed }
    }

    /// Reads `range`, all of it.
    func read(_ range: Range<Int>, of descriptor: Descriptor) throws(KithError) -> [UInt8] {
        let bytes = try explaining("read", path.text) { () throws(Errno) in
            try descriptor.read(range.count, at: range.lowerBound)
        }
        guard bytes.count == range.count else { throw changed }
        return bytes
    }

    private var changed: KithError {
        KithError(
            .conflict, "`\(path.text)` changed while it was read.",
            hint: "Send it again when nothing writes to it.")
    }
}
