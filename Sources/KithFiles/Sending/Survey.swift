/// Adds up the bytes of a transfer before they flow, on a queue of its own.
actor Survey {
    private nonisolated let executor = DiskExecutor("survey")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var walk: Walk

    init(_ sources: [String], in boundary: Boundary) { walk = Walk(sources, in: boundary) }

    /// Bytes in all; nil if the transfer ended before it was known.
    func total() -> Int? {
        var total = 0
        while let entry = walk.next() {
            guard !Task.isCancelled else { return nil }
            total = total.adding(bytes: entry.header.size)
        }
        return total
    }
}
