import GRDB

/// A check that must pass in the transaction of a change: that the claim which covers it is still the latest.
public struct TaskPass: Sendable {
    let check: @Sendable (Database) throws -> Void
}
