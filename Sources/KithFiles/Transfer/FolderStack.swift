import Glibc
import KithAPI

/// The folders between the destination and the entry that is being placed, kept open.
///
/// A folder that we made gets its mode and time when the transfer leaves it; one that was there keeps its own.
struct FolderStack {
    private struct Level {
        let name: FileName
        let folder: Folder
        /// What to do on leaving; nil for one that was opened again.
        let header: TransferHeader?
        let isNew: Bool
    }

    private let base: Folder
    private var levels: [Level] = []

    init(base: Folder) { self.base = base }

    private var top: Folder { levels.last?.folder ?? base }

    /// The folder `names` below the base; the folders on the way are opened, never made, never through links.
    ///
    /// Call ``leave(for:)`` with the same names before.
    mutating func reach(_ names: ArraySlice<FileName>) throws(KithError) -> Folder {
        for name in names.dropFirst(levels.count) {
            let parent = top
            let folder = try explaining("opened", parent.path.appending(name).text) { () throws(Errno) in
                try parent.folder(name)
            }
            levels.append(Level(name: name, folder: folder, header: nil, isNew: false))
        }
        return top
    }

    /// Makes the folder of `header` at `target`, or merges into the one that is there, and enters it.
    mutating func enter(_ target: Target, _ header: TransferHeader) throws(KithError) {
        let made = target.name.bytes.withPath { mkdirat(target.folder.descriptor.raw, $0, 0o700) }
        guard made == 0 || errno == EEXIST else { throw Errno.last.explained("made", target.path.text) }
        let folder = try explaining("opened", target.path.text) { () throws(Errno) in
            try target.folder.folder(target.name)
        }
        levels.append(Level(name: target.name, folder: folder, header: header, isNew: made == 0))
    }

    /// Leaves every folder that is not on the way to `names`, and says what became of them.
    mutating func leave(for names: ArraySlice<FileName>) -> [TransferOutcome] {
        let kept = zip(levels, names).prefix { $0.name == $1 }.count
        var outcomes: [TransferOutcome] = []
        while levels.count > kept {
            let level = levels.removeLast()
            if let outcome = Self.finish(level, in: top) { outcomes.append(outcome) }
        }
        return outcomes
    }

    private static func finish(_ level: Level, in parent: Folder) -> TransferOutcome? {
        guard let header = level.header else { return nil }
        let path = level.folder.path.text
        do throws(Errno) {
            if level.isNew { try settle(level.folder, header, in: parent) }
            return TransferOutcome(path: path)
        } catch {
            return TransferOutcome(path: path, error: error.explained("finished", path))
        }
    }

    private static func settle(_ folder: Folder, _ header: TransferHeader, in parent: Folder) throws(Errno) {
        try Errno.check(fchmod(folder.descriptor.raw, header.permissions))
        try Errno.check(futimens(folder.descriptor.raw, header.times))
        try folder.sync()
        try parent.sync()
    }
}
