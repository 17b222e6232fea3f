import HTTPTypes
import KithAPI
import NIOCore
import NIOHTTPTypes

/// Says with each answer to a peer which version of the protocol was taken: the highest that both sides speak.
final class ProtocolMark: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let protocols: ProtocolRange
    private var word: String

    init(_ protocols: ProtocolRange) {
        self.protocols = protocols
        word = protocols.text
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) { word = word(for: head.headerFields[.kithProtocol]) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        head.headerFields[.kithProtocol] = word
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    /// The common version; without one, all of ours, so that the asker can tell who is the older.
    private func word(for asked: String?) -> String {
        let range = asked.map { ProtocolRange($0) } ?? .first
        return range.flatMap { protocols.highestCommon(with: $0) }.map(String.init) ?? protocols.text
    }
}

extension HTTPField.Name {
    /// See ``ProtocolRange/header``.
    static let kithProtocol = HTTPField.Name(ProtocolRange.header) ?? .from
}
