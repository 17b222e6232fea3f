/// Checks the whole hash chain of the audit log.
public struct VerifyAudit: Call {
    /// A request to check everything.
    public init() {}

    /// What the check found.
    public struct Reply: Described, Equatable {
        /// How many records are sound, from the first.
        public var records: Int
        /// The number of the first line that does not fit; nil if all do.
        public var firstBadLine: Int?

        /// A finding.
        public init(records: Int, firstBadLine: Int? = nil) {
            self.records = records
            self.firstBadLine = firstBadLine
        }

        public static var parameters: [Parameter] {
            [
                Parameter("records", \Self.records, "How many records are sound, from the first."),
                Parameter("firstBadLine", \Self.firstBadLine, "The first line that does not fit; absent if all do."),
            ]
        }
    }

    public static var name: String { "audit.verify" }
    public static var summary: String { "Check the hash chain of the audit log." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [] }
    public static var example: VerifyAudit { VerifyAudit() }
}
