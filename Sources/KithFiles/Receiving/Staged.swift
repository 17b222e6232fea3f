import KithAPI

/// An entry that is whole and verified, and waits for its place and for the disk.
struct Staged: Sendable {
    /// What is left to do.
    enum Work: Sendable {
        case file(TemporaryFile, Target)
        /// A link that stands; its folder is not on disk yet.
        case link(Folder)
        /// A folder that we made, to get its mode and time.
        case folder(Folder, EntryHeader, parent: Folder)
        case nothing
    }

    let work: Work
    /// The folder that it is in, by its number in the tree.
    let holder: Int
    /// What becomes of it if all goes well.
    let verdict: EntryVerdict
    /// Bytes of content that count as safe once it is done.
    let weight: Int

    init(_ work: Work, in holder: Int, _ verdict: EntryVerdict, weight: Int = 0) {
        self.work = work
        self.holder = holder
        self.verdict = verdict
        self.weight = weight
    }
}
