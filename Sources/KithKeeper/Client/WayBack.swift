/// How a task that another thread wakes goes on where it began to wait: the thread that holds the connection of whoever
/// asked, so that nothing has to be handed from thread to thread.
public struct WayBack: Sendable {
    /// Runs something on the thread that was remembered.
    public typealias Path = @Sendable (@escaping @Sendable () -> Void) -> Void

    /// The way back to the thread that asks; nil where any will do.
    public let path: @Sendable () -> Path?

    /// What `remember` answers leads back to the thread that calls it.
    public init(_ remember: @escaping @Sendable () -> Path?) { path = remember }

    /// Goes on wherever there is room.
    public static let anywhere = WayBack { nil }
}
