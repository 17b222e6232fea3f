import Glibc
import KithAPI

/// The folders of a transfer that are still needed: those on the way to the entry that is being placed, and those
/// in which something is not on disk yet.
///
/// A folder that we made gets its mode and time when the last that is in it is there; one that was there keeps its
/// own.
struct FolderTree {
    /// A folder, by its number; the base is 0.
    struct Node {
        let name: FileName
        /// Nil in a dry run, for what is not there.
        let folder: Folder?
        let path: DiskPath
        let parent: Int
        /// What it is to become; nil for one that was not announced.
        let header: EntryHeader?
        let isNew: Bool
        /// Whether everything in it may be written, whatever its name.
        let isOpen: Bool
        /// How much in it is not done.
        var held = 0
        var isLeft = false
    }

    private var nodes: [Int: Node]
    private var stack: [Int] = []
    private var next = 1
    private let boundary: Boundary
    private let isDryRun: Bool
    /// Seconds since 1970.
    private let now: Int

    init(_ landing: Landing, in boundary: Boundary, _ manner: Manner) {
        self.boundary = boundary
        isDryRun = manner.isDryRun
        now = manner.now
        let base = Node(
            name: FileName([]), folder: landing.folder, path: landing.path, parent: 0, header: nil, isNew: false,
            isOpen: Self.isOpen(landing.path, boundary))
        nodes = [0: base]
        if let folder = landing.folder, !isDryRun { PartFile.sweep(folder, now: now) }
    }

    /// How folders are treated.
    struct Manner {
        let isDryRun: Bool
        /// Seconds since 1970.
        let now: Int
    }

    /// Whether nothing but the base is left.
    var isEmpty: Bool { nodes.count == 1 && nodes[0]?.held == 0 }

    /// The node that is entered now.
    var top: Int { stack.last ?? 0 }

    subscript(_ number: Int) -> Node? { nodes[number] }

    /// The folder `names` below the base; the folders on the way are opened, never made, never through links.
    ///
    /// Call ``leave(for:)`` with the same names before.
    mutating func reach(_ names: ArraySlice<FileName>) throws(KithError) -> Int {
        for name in names.dropFirst(stack.count) {
            let found = try standing(name, in: top)
            push(name, found, nil, isNew: false)
        }
        return top
    }

    /// Makes the folder of `header`, or merges into the one that is there, and enters it.
    mutating func enter(_ name: FileName, _ header: EntryHeader) throws(KithError) {
        guard !isDryRun, let parent = nodes[top]?.folder else {
            let found = try standing(name, in: top)
            return push(name, found, header, isNew: found == nil)
        }
        let made = name.bytes.withPath { mkdirat(parent.descriptor.raw, $0, 0o700) }
        guard made == 0 || errno == EEXIST else {
            throw Errno.last.explained("made", parent.path.appending(name).text)
        }
        let folder = try standing(name, in: top)
        // A transfer that goes on after a break finds it there, and leaves it as it is.
        if made == 0, let folder { fchmod(folder.descriptor.raw, header.permissions | 0o700) }
        push(name, folder, header, isNew: made == 0)
    }

    private func standing(_ name: FileName, in node: Int) throws(KithError) -> Folder? {
        guard let parent = nodes[node]?.folder else { return nil }
        do throws(Errno) {
            return try parent.folder(name)
        } catch {
            if isDryRun, error.code == ENOENT { return nil }
            throw error.explained("opened", parent.path.appending(name).text)
        }
    }

    private mutating func push(_ name: FileName, _ folder: Folder?, _ header: EntryHeader?, isNew: Bool) {
        let path = (nodes[top]?.path ?? .root).appending(name)
        let isOpen = nodes[top]?.isOpen == true || Self.isOpen(path, boundary)
        let node = Node(
            name: name, folder: folder, path: path, parent: top, header: header, isNew: isNew, isOpen: isOpen)
        hold(top)
        nodes[next] = node
        stack.append(next)
        next += 1
        if let folder, !isNew, !isDryRun { PartFile.sweep(folder, now: now) }
    }

    private static func isOpen(_ path: DiskPath, _ boundary: Boundary) -> Bool {
        boundary.isUniform(below: path) && boundary.allows(path)
    }

    /// Leaves every folder that is not on the way to `names`; those in which all is done are to be finished.
    mutating func leave(for names: ArraySlice<FileName>) -> [Staged] {
        let kept = zip(stack, names).prefix { nodes[$0]?.name == $1 }.count
        var finished: [Staged] = []
        while stack.count > kept {
            let number = stack.removeLast()
            nodes[number]?.isLeft = true
            finished += finish(number)
        }
        return finished
    }

    /// Something begins in this folder.
    mutating func hold(_ number: Int) { nodes[number]?.held += 1 }

    /// Something in this folder is done.
    mutating func release(_ number: Int) -> [Staged] {
        nodes[number]?.held -= 1
        return finish(number)
    }

    private mutating func finish(_ number: Int) -> [Staged] {
        guard number != 0, let node = nodes[number], node.isLeft, node.held == 0 else { return [] }
        nodes[number] = nil
        guard let header = node.header else { return release(node.parent) }
        let state: TransferOutcome.State = !node.isNew ? .unchanged : isDryRun ? .pending : .placed
        let verdict = EntryVerdict(node.path.bytes, state)
        guard let folder = node.folder, let parent = nodes[node.parent]?.folder, node.isNew else {
            return [Staged(.nothing, in: node.parent, verdict)]
        }
        return [Staged(.folder(folder, header, parent: parent), in: node.parent, verdict)]
    }
}
