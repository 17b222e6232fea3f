/// The versions of the protocol between nodes that a build speaks. Two nodes speak the highest that both know.
///
/// Every question between nodes carries the range of the asker, and every answer the version that was taken, in the
/// header ``header``. A node that says nothing is of the time before there was more than one, and speaks ``first``.
public struct ProtocolRange: Sendable, Hashable {
    /// The HTTP header of both.
    public static let header = "kith-protocol"
    /// What a node speaks that says nothing.
    public static let first = ProtocolRange(1...1)
    /// What this build speaks.
    public static let own = ProtocolRange(Version.protocols)
    /// The highest number that is believed.
    private static let highest = 9_999

    /// From the oldest to the newest.
    public let versions: ClosedRange<Int>

    /// A range from its ends.
    public init(_ versions: ClosedRange<Int>) { self.versions = versions }

    /// The range that a header says: `1`, or `1-3`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard (1...2).contains(ends.count), let low = ends.first, let high = ends.last, low >= 1, low <= high,
            high <= Self.highest
        else { return nil }
        versions = low...high
    }

    /// As the header says it.
    public var text: String {
        versions.count == 1 ? "\(versions.lowerBound)" : "\(versions.lowerBound)-\(versions.upperBound)"
    }

    /// The highest version that both speak; nil where there is none.
    public func highestCommon(with other: ProtocolRange) -> Int? {
        versions.overlaps(other.versions) ? min(versions.upperBound, other.versions.upperBound) : nil
    }

    /// That two nodes have no version in common: who speaks what, and which side to update.
    ///
    /// - Parameters:
    ///   - own: the node that speaks this range.
    ///   - other: the node that speaks `range`.
    public func mismatch(_ own: String, with other: String, speaking range: ProtocolRange) -> KithError {
        let older = versions.upperBound < range.versions.lowerBound ? own : other
        return KithError(
            .protocolVersion,
            "\(own) speaks version \(text) of the protocol and \(other) version \(range.text): they have none in common.",
            hint: "Update Kith on \(older), which is the older one, and restart it there: `kith restart`.",
            details: ["older": older])
    }
}
