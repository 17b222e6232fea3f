import KithAPI
import NIOCore
import NIOPosix

/// Carries frames over two bodies.
enum FrameTransport {
    /// Runs `talk` with an end of the pipe whose frames come from `input` and go to `output`.
    ///
    /// - Parameter loss: says at the end of `input`, given the error with which it broke off, if it did, whether
    ///   the link was lost (`receive` throws that) or the other side hung up (nil, as `receive` then says).
    static func withDuplex<Input: AsyncSequence & Sendable, Result: Sendable>(
        reading input: Input, writing output: BoundedQueue<ByteBuffer>,
        loss: @escaping @Sendable ((any Error)?) -> KithError?,
        _ talk: @escaping @Sendable (Duplex) async throws -> Result
    ) async throws -> Result where Input.Element == ByteBuffer {
        let frames = BoundedQueue<Frame>(limit: 4)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                await pump(input, into: frames, loss)
                return nil
            }
            group.addTask {
                try await talk(duplex(reading: frames, writing: output))
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let result = finished { return result }
            }
            throw CancellationError()
        }
    }

    /// As ``withDuplex``, and then waits until the other side has ended its question, too, so that the connection
    /// can carry another one; ``secondsToLinger`` at most.
    static func withLingeringDuplex<Input: AsyncSequence & Sendable>(
        reading input: Input, writing output: BoundedQueue<ByteBuffer>,
        loss: @escaping @Sendable ((any Error)?) -> KithError?,
        _ talk: @escaping @Sendable (Duplex) async throws -> Void
    ) async throws where Input.Element == ByteBuffer {
        let frames = BoundedQueue<Frame>(limit: 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pump(input, into: frames, loss) }
            defer { group.cancelAll() }
            try await talk(duplex(reading: frames, writing: output))
            await frames.finish()
            group.addTask { await linger() }
            try await group.next()
        }
    }

    private static let secondsToLinger: Int64 = 2

    /// Returns after ``secondsToLinger``, or when the task is cancelled. The timer is the event loop's own: it costs
    /// nothing as long as it does not ring.
    private static func linger() async {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let over = loop.makePromise(of: Void.self)
        let alarm = loop.scheduleTask(in: .seconds(secondsToLinger)) { over.succeed() }
        await withTaskCancellationHandler {
            try? await over.futureResult.get()
        } onCancel: {
            alarm.cancel()
            over.succeed()
        }
    }

    private static func duplex(reading frames: BoundedQueue<Frame>, writing output: BoundedQueue<ByteBuffer>) -> Duplex
    {
        Duplex(
            receive: { try await frames.next() },
            send: { try await output.push(buffer(of: $0)) },
            pass: { try await output.push(ByteBuffer(bytes: $0)) })
    }

    private static func pump<Input: AsyncSequence>(
        _ input: Input, into frames: BoundedQueue<Frame>, _ loss: @Sendable ((any Error)?) -> KithError?
    ) async where Input.Element == ByteBuffer {
        var decoder = FrameDecoder()
        // What comes after nobody listens any more is let go.
        var isHeard = true
        do {
            for try await piece in input where isHeard {
                decoder.push(piece.readableBytesView)
                while isHeard, let frame = try decoder.next() { isHeard = (try? await frames.push(frame)) != nil }
            }
            await end(frames, loss(nil))
        } catch let error as KithError where error.code == .protocolViolation {
            await frames.fail(error)
        } catch {
            await end(frames, loss(error))
        }
    }

    private static func end(_ frames: BoundedQueue<Frame>, _ loss: KithError?) async {
        if let loss { await frames.fail(loss) } else { await frames.finish() }
    }

    private static func buffer(of frame: Frame) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(Frame.headerSize + frame.payload.count)
        buffer.writeBytes(frame.header)
        buffer.writeBytes(frame.payload)
        return buffer
    }
}
