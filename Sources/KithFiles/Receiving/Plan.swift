import KithAPI

/// Where a transfer is to come down, and what may come.
struct Plan: Sendable {
    let landing: Landing
    let boundary: Boundary
    /// By source, the names that its entries may begin with; nil where the sender may choose.
    var expected: [ExpectedName]?
    /// How many sources there are.
    var sources = Sources.maximumCount
    var isDryRun = false
    /// Whether the sender is to hear what became of each entry.
    var tellsVerdicts = false
    /// Seconds since 1970.
    var now = 0
}
