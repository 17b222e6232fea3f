import HTTPTypes
import HummingbirdCore
import KithAPI
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// HTTP/1.1 on a connection, with the limits of both doors.
enum HTTPPipeline {
    typealias Stream = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    typealias Answer =
        @Sendable (HummingbirdCore.Request, consuming ResponseWriter, _ line: Line) async throws -> Void

    /// A connection that speaks HTTP, and what is known of its other side.
    struct Connection: ServerChildChannelValue {
        let stream: Stream
        let line: Line
        var channel: any Channel { stream.channel }
    }

    /// What the owner's socket holds of an answer, as far as the kernel allows: each time it is empty somebody sleeps.
    private static let localBuffer = 1 << 20

    /// Adds the handlers; called on the channel's event loop. Answers say which of `protocols` was taken, if given.
    static func configure(
        _ channel: any Channel, isLocal: Bool, protocols: ProtocolRange? = nil, logger: Logger
    ) throws -> Connection {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 8 << 10
        limits.maxHeaderListSize = 16 << 10
        limits.maxHeaderFieldCount = 64
        if isLocal { try channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: localBuffer) }
        let pipeline = channel.pipeline.syncOperations
        let line = Line(isLocal: isLocal, socket: try pipeline.withUnsafeTransportIfAvailable(of: CInt.self) { $0 })
        try pipeline.addHandler(CloseOnHalfClosure(line))
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: !isLocal))
        if let protocols { try pipeline.addHandler(ProtocolMark(protocols)) }
        try pipeline.addHandler(QuestionWatch(line))
        try pipeline.addHandler(HTTPConnectionStateHandler(logger: logger))
        try pipeline.addHandler(CloseWhenAsked())
        let stream = try Stream(wrappingChannelSynchronously: channel)
        keep(stream, line)
        return Connection(stream: stream, line: line)
    }

    /// A connection that arrives while its door closes reaches nobody. It is closed then, and held until it is: NIO
    /// takes a writer that is dropped without an end for a mistake, and ends the program.
    private static func keep(_ stream: Stream, _ line: Line) {
        let channel = stream.channel
        channel.closeFuture.whenComplete { _ in withExtendedLifetime(stream) {} }
        channel.parent?.closeFuture.whenComplete { _ in
            if !line.isServed { channel.close(promise: nil) }
        }
    }

    /// Serves the connection until it closes; closing it ends whatever it was doing, a pipe after it was told.
    static func serve(_ connection: Connection, logger: Logger, _ answer: @escaping Answer) async {
        let line = connection.line
        line.serve()
        // A task of its own, because its cancellation enters through a callback.
        let task = Task {
            await HTTP1Channel(responder: { request, writer, _ in
                guard !line.hasLeft else { return try await writer.refuse(line.refusal, closing: true) }
                try await answer(request, writer, line)
            })
            .handleHTTP(asyncChannel: connection.stream, logger: logger)
        }
        line.end { task.cancel() }
        let loop = connection.channel.eventLoop
        connection.channel.closeFuture.whenComplete { _ in
            guard line.isPatient else { return task.cancel() }
            loop.scheduleTask(in: line.timeToEnd) { task.cancel() }
        }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            line.stop()
            task.cancel()
            connection.channel.close(promise: nil)
        }
    }
}

/// Closes the connection after the answer to a request that asked for it, once every byte has gone out:
/// closing earlier, even half, would drop what waits behind a full socket.
final class CloseWhenAsked: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var isAsked = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) { isAsked = head.headerFields[.connection] == "close" }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isAsked, case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let written = promise ?? context.eventLoop.makePromise()
        let channel = context.channel
        written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.write(data, promise: written)
    }
}

/// Closes a connection whose other side has stopped sending: none of our clients half-closes, so it has gone.
final class CloseOnHalfClosure: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let line: Line

    init(_ line: Line) { self.line = line }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            line.close()
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}

extension Logger {
    /// For a library that calls a connection's end an error.
    var onlyTrouble: Logger {
        var quiet = self
        quiet.logLevel = .critical
        return quiet
    }
}
