import KithAPI

/// A file that was announced and is not here yet.
struct Waiting {
    /// What is waited for.
    enum Step {
        /// The hash of the whole, to compare with what stands there.
        case proof
        /// The hashes of the blocks of a part; the ranges not compared yet, and the blocks that were found damaged.
        case blocks(PartFile, left: ArraySlice<Range<Int>>, damaged: [Range<Int>])
        /// The content: what is missing of a part, or the whole.
        case content(PartFile?, damaged: [Range<Int>])
    }

    let header: EntryHeader
    let target: Target
    /// The folder of the target, by its number in the tree.
    let holder: Int
    var step: Step
}
