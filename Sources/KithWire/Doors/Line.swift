import Glibc
import KithAPI
import NIOCore
import NIOHTTPTypes
import Synchronization

/// What a door knows of the other side of one connection: tells an asker who hung up from a link that broke.
///
/// An asker hangs up by ending its question, at the local door also by leaving. A peer that leaves in the
/// middle of its question did not mean to: its machine, its daemon or the cable is gone.
final class Line: Sendable {
    /// What the connection is used for at the moment.
    enum Use: Sendable {
        /// A call or a feed: cancelled as soon as the connection closes.
        case answer
        /// A pipe that is answered here: hears of a lost link from ``Duplex/receive``.
        case pipe
        /// A pipe that is passed on: ends the question at the peer first.
        case passage
        /// A pipe that is passed on and has no answer yet: as ``passage``, and soon closes the connection to the peer, so
        /// that it does not begin what nobody waits for.
        case opening
    }

    /// How long a pipe may go on that has been told that the line is gone; then it is cancelled.
    private static let (toEnd, toEndOpening) = (TimeAmount.seconds(5), TimeAmount.milliseconds(250))

    private struct State {
        var use = Use.answer
        var isWhole = false
        var isStopping = false
        var isRevoked = false
        var isServed = false
        var hasClosed = false
        var cancel: (@Sendable () -> Void)?
    }

    /// Whether it is the owner at the Unix socket.
    let isLocal: Bool
    private let socket: Int32?
    private let state = Mutex(State())

    /// - Parameter socket: the connection's descriptor, as long as it is open.
    init(isLocal: Bool, socket: Int32? = nil) { (self.isLocal, self.socket) = (isLocal, socket) }

    /// Whether the other side has closed the connection, though not all that it sent before may be read yet: asked before
    /// something begins, because a node that was frozen finds questions that were given up long ago.
    var hasLeft: Bool {
        if state.withLock({ $0.hasClosed }) { return true }
        guard let socket else { return false }
        var look = pollfd(fd: socket, events: Self.hasClosed, revents: 0)
        return poll(&look, 1, 0) > 0
    }

    /// POLLRDHUP of poll(2); that a connection broke off is always said.
    private static let hasClosed: Int16 = 0x2000

    /// Why nothing more comes: nil if the asking side hung up, ``KithError`` `link.lost` otherwise.
    var loss: KithError? {
        let isLost = state.withLock { !$0.isWhole && !$0.isRevoked && (!isLocal || $0.isStopping) }
        return isLost ? .linkLost("The link to the asking side was lost.") : nil
    }

    /// Whether the answer is a pipe, which is told that the line is gone; others are cancelled.
    var isTold: Bool { state.withLock { $0.use != .answer } }

    /// What somebody is told who still sends.
    var refusal: KithError { loss ?? KithError(.cancelled, "The other side has gone.") }

    /// Whether what is under way may go on for ``timeToEnd`` after the connection has closed.
    var isPatient: Bool {
        state.withLock { state in
            guard !state.isStopping, !state.isRevoked else { return false }
            switch state.use {
            case .answer: return false
            case .pipe: return !isLocal && !state.isWhole
            case .passage, .opening: return true
            }
        }
    }

    /// How long what is under way may go on after the connection has closed.
    var timeToEnd: TimeAmount { state.withLock { $0.use == .opening ? Self.toEndOpening : Self.toEnd } }

    /// Whether somebody has taken the connection.
    var isServed: Bool { state.withLock { $0.isServed } }

    /// That the other side has said that it sends no more.
    func close() { state.withLock { $0.hasClosed = true } }

    /// That somebody has taken the connection.
    func serve() { state.withLock { $0.isServed = true } }

    /// That the connection is now used for this.
    func isUsed(for use: Use) { state.withLock { $0.use = use } }

    /// Ends what is under way by `cancel`, should it be revoked.
    func end(by cancel: @escaping @Sendable () -> Void) { state.withLock { $0.cancel = cancel } }

    /// That the owner allows this no longer.
    func revoke() {
        let cancel = state.withLock { state in
            state.isRevoked = true
            return state.cancel
        }
        cancel?()
    }

    /// That this daemon closes the connection because it stops.
    func stop() { state.withLock { $0.isStopping = true } }

    fileprivate func question(isWhole: Bool) { state.withLock { $0.isWhole = isWhole } }
}

/// Tells a ``Line`` when a question begins and when its last byte has come.
final class QuestionWatch: ChannelInboundHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let line: Line

    init(_ line: Line) { self.line = line }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: line.question(isWhole: false)
        case .end: line.question(isWhole: true)
        case .body: break
        }
        context.fireChannelRead(data)
    }
}
