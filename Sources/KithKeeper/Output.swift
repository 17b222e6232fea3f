/// Bytes that a process wrote, as they came.
public struct Output: Sendable, Equatable {
    /// Where it wrote them.
    public enum Stream: Sendable, Equatable, CaseIterable {
        case standardOutput, standardError
    }

    /// The most bytes that one piece holds.
    static let limit = 64 << 10

    /// Where it wrote them.
    public var stream: Stream
    /// What it wrote; never empty, at most 64 KiB.
    public var bytes: [UInt8]
}
