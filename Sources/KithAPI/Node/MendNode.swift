/// Mends what can be mended without a loss: missing folders, modes that let others in, leftovers of a dead daemon.
///
/// It makes nothing wider, and deletes nothing that anybody could miss.
public struct MendNode: Call {
    /// A request.
    public init() {}

    /// What was mended, and what could not be: one finding each; `ok` means that it is mended now.
    public typealias Reply = Diagnose.Reply

    public static var name: String { "node.mend" }
    public static var summary: String { "Mend what is safely mended: missing folders, and modes that let others in." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] { [] }
    public static var example: MendNode { MendNode() }
}
