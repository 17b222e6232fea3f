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

    /// Adds the handlers; called on the channel's event loop.
    static func configure(_ channel: any Channel, isSecure: Bool, logger: Logger) throws -> Stream {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 8 << 10
        limits.maxHeaderListSize = 16 << 10
        limits.maxHeaderFieldCount = 64
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(CloseOnHalfClosure())
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: isSecure))
        try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: .seconds(120), logger: logger))
        return try Stream(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }

    /// Serves the connection until it closes; closing it ends whatever it was doing.
    static func serve(
        _ stream: Stream, logger: Logger,
        _ answer: @escaping @Sendable (HummingbirdCore.Request, consuming ResponseWriter) async throws -> Void
    ) async {
        // A task of its own, because its cancellation enters through a callback.
        let task = Task {
            await HTTP1Channel(responder: { request, writer, _ in try await answer(request, writer) })
                .handleHTTP(asyncChannel: stream, logger: logger)
        }
        stream.channel.closeFuture.whenComplete { _ in task.cancel() }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
            stream.channel.close(promise: nil)
        }
    }
}

/// Closes a connection whose other side has stopped sending: none of our clients half-closes, so it has gone.
final class CloseOnHalfClosure: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
