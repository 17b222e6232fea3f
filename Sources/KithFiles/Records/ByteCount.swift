/// What sizes may be, and how they are added up: no number of the other side, and no sparse file, may be more than
/// our sums can hold.
enum ByteCount {
    /// The largest size, position or sum: 2^53, as in JSON.
    static let largest = 1 << 53
    /// The longest hole of one record.
    static let longestHole = 128 << 20
}

extension Int {
    /// So many bytes more, ``ByteCount/largest`` at most.
    func adding(bytes: Int) -> Int {
        let (sum, isTooLarge) = addingReportingOverflow(bytes)
        return isTooLarge ? ByteCount.largest : Swift.min(sum, ByteCount.largest)
    }
}
