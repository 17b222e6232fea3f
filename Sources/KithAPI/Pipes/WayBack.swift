/// How whoever waits for another thread goes on where it began to wait: a question is answered by the thread that holds
/// its connection, and handing the answer over to that costs as much as a short question.
public struct WayBack: Sendable {
    /// Runs something on the thread that was remembered.
    public typealias Path = @Sendable (@escaping @Sendable () -> Void) -> Void

    private let remember: @Sendable () -> Path?

    /// What `remember` answers leads back to the thread that asks it; nil where any will do.
    public init(_ remember: @escaping @Sendable () -> Path?) { self.remember = remember }

    /// Goes on wherever there is room.
    public static let anywhere = WayBack { nil }

    /// The way back to this thread.
    public func path() -> Path { remember() ?? { $0() } }
}
