import AsyncHTTPClient
public import KithAPI
import NIOCore
import NIOPosix
import Synchronization

extension PeerClient {
    /// The most bytes of one line of a peer's feed.
    private static let maximumLine = 8 << 20

    /// Asks a peer (a name, or the beginning of its id) and waits for the whole reply, so many seconds at most.
    ///
    /// - Throws: ``KithError``: what the peer said, `peer.offline`, `peer.not_paired`, or `timed_out`.
    public func call<C: Call>(_ request: C, on peer: String, seconds: Double) async throws -> C.Reply {
        let json = try JSON.encode(request)
        return try await within(seconds, peer) {
            let question = Question(
                path: C.path, contentType: "application/json", body: .bytes(ByteBuffer(bytes: json)))
            let response = try await self.execute(question, on: peer)
            return try JSON.decode(C.Reply.self, from: try await Self.answer(response))
        }
    }

    /// Follows a feed of a peer: `take` gets one element at a time, until the feed ends or the task is cancelled.
    public func follow<F: Feed>(
        _ request: F, on peer: String, _ take: @escaping @Sendable (F.Element) async throws -> Void
    ) async throws {
        let question = Question(
            path: F.path, contentType: "application/json", body: .bytes(ByteBuffer(bytes: try JSON.encode(request))))
        let response = try await execute(question, on: peer)
        guard response.status == .ok else {
            _ = try await Self.answer(response)
            return
        }
        var line = ByteBuffer()
        for try await var piece in response.body {
            line.writeBuffer(&piece)
            while let end = line.readableBytesView.firstIndex(of: 0x0A) {
                let bytes = Array(line.readSlice(length: end - line.readerIndex)?.readableBytesView ?? [])
                line.moveReaderIndex(forwardBy: 1)
                try await take(try Self.element(F.Element.self, bytes))
            }
            line.discardReadBytes()
            guard line.readableBytes <= Self.maximumLine else {
                throw KithError(.protocolViolation, "\(peer) sent a line that does not end.")
            }
        }
    }

    private static func element<Element: Decodable>(_ type: Element.Type, _ bytes: [UInt8]) throws -> Element {
        if let failure = try? JSON.decode(ErrorBody.self, from: bytes) { throw failure.error }
        return try JSON.decode(type, from: bytes)
    }

    /// The whole body of a good answer; the error of a bad one.
    private static func answer(_ response: HTTPClientResponse) async throws -> [UInt8] {
        let bytes = Array(buffer: try await response.body.collect(upTo: maximumAnswer))
        guard response.status == .ok else { throw try JSON.decode(ErrorBody.self, from: bytes).error }
        return bytes
    }

    /// The timer is the event loop's own: it costs nothing as long as it does not ring.
    private func within<Value: Sendable>(
        _ seconds: Double, _ peer: String, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await work() }
        let isLate = Atomic(false)
        let patience = TimeAmount.milliseconds(Int64(seconds * 1_000))
        let alarm = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: patience) {
            isLate.store(true, ordering: .relaxed)
            task.cancel()
        }
        defer { alarm.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch  where isLate.load(ordering: .relaxed) {
            throw KithError(.timedOut, "\(peer) did not answer within \(seconds) s.")
        }
    }
}
