import HummingbirdCore
import Logging
import NIOCore

/// Connections of the loopback port.
struct LoopbackChannel: ServerChildChannel {
    let logger: Logger
    let guests: LoopbackGuests
    let answer: HTTPPipeline.Answer

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTPPipeline.Connection> {
        channel.eventLoop.makeCompletedFuture { try HTTPPipeline.configure(channel, isLocal: true, logger: logger) }
    }

    func handle(value: HTTPPipeline.Connection, logger: Logger) async {
        let channel = value.channel
        guard guests.enter(value.line, sendAway: { channel.close(promise: nil) }) else {
            try? await value.stream.executeThenClose { _, _ in }
            return
        }
        defer { guests.leave(value.line) }
        await HTTPPipeline.serve(value, logger: logger, answer)
    }
}
