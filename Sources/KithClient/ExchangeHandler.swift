import KithAPI
import NIOCore
import NIOHTTP1

/// The end of an ``Exchange`` on the event loop: reads when it is asked to, and holds what one read brings.
final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private enum Outcome {
        case ended
        case cut
        case failed(any Error)
    }

    private let eventLoop: any EventLoop
    private var context: ChannelHandlerContext?
    private var status: Int?
    private var pieces = CircularBuffer<ByteBuffer>(initialCapacity: 8)
    private var outcome: Outcome?
    private var isClosed = false
    private var headWaiter: EventLoopPromise<Int>?
    private var pieceWaiter: EventLoopPromise<ByteBuffer?>?
    private var roomWaiters: [EventLoopPromise<Void>] = []

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        close()
        self.context = nil
    }

    // MARK: - Asked by the exchange

    /// The status of the answer, when it comes.
    func head() -> EventLoopFuture<Int> {
        let promise = eventLoop.makePromise(of: Int.self)
        headWaiter = promise
        serve()
        return promise.futureResult
    }

    /// The next piece of the body, when it comes; nil at the end.
    func next() -> EventLoopFuture<ByteBuffer?> {
        let promise = eventLoop.makePromise(of: ByteBuffer?.self)
        pieceWaiter = promise
        serve()
        return promise.futureResult
    }

    /// Writes `parts`; done when the connection has room for more.
    func write(_ parts: [HTTPClientRequestPart]) -> EventLoopFuture<Void> {
        guard let context, !isClosed else { return eventLoop.makeFailedFuture(failure) }
        for part in parts { context.write(wrapOutboundOut(part), promise: nil) }
        context.flush()
        guard !context.channel.isWritable else { return context.eventLoop.makeSucceededVoidFuture() }
        let promise = context.eventLoop.makePromise(of: Void.self)
        roomWaiters.append(promise)
        return promise.futureResult
    }

    // MARK: - Told by the channel

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let piece): pieces.append(piece)
        case .end: finish(.ended)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { serve() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        let waiting = roomWaiters
        roomWaiters = []
        for waiter in waiting { waiter.succeed() }
    }

    func channelInactive(context: ChannelHandlerContext) { close() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failed(error))
        close()
        context.close(promise: nil)
    }

    // MARK: - Between the two

    /// Answers whoever waits with what is here, or reads on.
    private func serve() {
        if let waiter = headWaiter {
            if let status {
                headWaiter = nil
                waiter.succeed(status)
            } else if outcome != nil {
                headWaiter = nil
                waiter.fail(failure)
            }
        }
        if let waiter = pieceWaiter {
            if let piece = pieces.popFirst() {
                pieceWaiter = nil
                waiter.succeed(piece)
            } else if case .ended = outcome {
                pieceWaiter = nil
                waiter.succeed(nil)
            } else if outcome != nil {
                pieceWaiter = nil
                waiter.fail(failure)
            }
        }
        if headWaiter != nil || pieceWaiter != nil { context?.read() }
    }

    private func finish(_ outcome: Outcome) {
        if self.outcome == nil { self.outcome = outcome }
        serve()
    }

    private func close() {
        isClosed = true
        finish(.cut)
        let waiting = roomWaiters
        roomWaiters = []
        for waiter in waiting { waiter.fail(failure) }
    }

    private var failure: KithError {
        switch outcome {
        case .failed(let error) where error as? HTTPParserError == .invalidEOFState: Self.cut
        case .failed(let error) where error is HTTPParserError || error is NIOHTTPDecoderError:
            KithError(
                .protocolViolation, "The daemon's answer is not HTTP as agreed: \(error).",
                hint: "See `kith logs --daemon`.")
        default: Self.cut
        }
    }

    private static let cut = KithError.linkLost("The link was lost before the answer was whole.")
}
