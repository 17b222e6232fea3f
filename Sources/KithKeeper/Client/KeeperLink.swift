import CLinux
import Glibc
import KithAPI
import Synchronization

/// The client's end of a connection to a keeper. One reader and one writer at a time.
///
/// Whoever waits for bytes reads them himself; the loop only wakes him.
final class KeeperLink: Sendable {
    private struct Waiter: Sendable {
        let continuation: CheckedContinuation<Void, Never>
        let path: WayBack.Path?

        /// Has it go on where it began to wait.
        func goOn() {
            guard let path else { return continuation.resume() }
            path { continuation.resume() }
        }
    }

    private struct Waiting: Sendable {
        var reader: Waiter?
        var writer: Waiter?
        var watch: DescriptorLoop.Watch?
        var isOver = false

        var interest: DescriptorLoop.Interest? {
            switch (reader, writer) {
            case (nil, nil): nil
            case (_?, nil): .readable
            case (nil, _?): .writable
            case (_?, _?): .both
            }
        }
    }

    private let descriptor: Int32
    private let loop: DescriptorLoop
    private let wayBack: WayBack
    private let incoming = Mutex(IncomingFrames())
    private let waiting = Mutex(Waiting())

    /// Takes a descriptor over.
    init(_ descriptor: Int32, on loop: DescriptorLoop, wayBack: WayBack = .anywhere) throws(KithError) {
        self.descriptor = descriptor
        self.loop = loop
        self.wayBack = wayBack
        do {
            let watch = try loop.watch(descriptor, for: .readable) { [weak self] in self?.wake() }
            waiting.withLock { $0.watch = watch }
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        guard let watch = waiting.withLock({ $0.watch }) else { return }
        loop.perform { [loop, descriptor] in
            loop.forget(watch)
            close(descriptor)
        }
    }

    /// The next frame; nil when the keeper has hung up, or we have.
    ///
    /// - Throws: ``KithError`` `protocol`.
    func receive() async throws(KithError) -> Frame? {
        guard case .frame(let frame) = try await receive(joinsOutput: false) else { return nil }
        return frame
    }

    /// What comes next.
    enum Arrival: Sendable {
        /// Whole frames of output as they travel, and how many bytes of output they hold.
        case output([UInt8], payload: Int)
        case frame(Frame)
    }

    /// As ``receive()``, but output that has come together is handed on together, if wanted.
    func receive(joinsOutput: Bool) async throws(KithError) -> Arrival? {
        while true {
            if let arrival = try next(joinsOutput: joinsOutput) { return arrival }
            switch incoming.withLock({ $0.fill(from: descriptor) }) {
            case .bytes: continue
            case .end: return nil
            case .nothing: await wait { $0.reader = $1 }
            }
        }
    }

    private func next(joinsOutput: Bool) throws(KithError) -> Arrival? {
        try incoming.withLock { (frames) throws(KithError) in
            if joinsOutput, let output = try frames.nextOutput() {
                return .output(output.frames, payload: output.payload)
            }
            return try frames.next().map { .frame($0) }
        }
    }

    /// Sends bytes, as soon as the keeper takes them.
    ///
    /// - Throws: ``KithError`` `job.lost` when it has gone.
    func send(_ bytes: [UInt8]) async throws(KithError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { kith_send(descriptor, $0.baseAddress, $0.count) }
            if count == -Int(EAGAIN) {
                await wait { $0.writer = $1 }
                continue
            }
            guard count > 0 else { throw .keeperIsGone }
            sent += count
        }
    }

    func send(_ frame: Frame) async throws(KithError) { try await send(frame.header + frame.payload) }

    /// Sends a few bytes without waiting, or not at all.
    func sendNow(_ frame: Frame) {
        let bytes = frame.header + frame.payload
        _ = bytes.withUnsafeBytes { kith_send(descriptor, $0.baseAddress, $0.count) }
    }

    /// Ends both directions; who waits is told.
    func hangUp() {
        let (reader, writer) = waiting.withLock { state in
            defer { (state.reader, state.writer, state.isOver) = (nil, nil, true) }
            return (state.reader, state.writer)
        }
        shutdown(descriptor, Int32(SHUT_RDWR))
        reader?.goOn()
        writer?.goOn()
    }

    /// Whether we have hung up.
    var isOver: Bool { waiting.withLock { $0.isOver } }

    private func wait(_ place: @Sendable (inout Waiting, Waiter) -> Void) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = Waiter(continuation: continuation, path: wayBack.path())
                let isOver = waiting.withLock { state in
                    guard !state.isOver else { return true }
                    place(&state, waiter)
                    if let watch = state.watch, let interest = state.interest { loop.arm(watch, for: interest) }
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            hangUp()
        }
    }

    private func wake() {
        let (reader, writer) = waiting.withLock { state in
            defer { (state.reader, state.writer) = (nil, nil) }
            return (state.reader, state.writer)
        }
        reader?.goOn()
        writer?.goOn()
    }
}

extension KithError {
    static let keeperIsGone = KithError(
        .jobLost, "The keeper of this job has gone.", hint: "See `kith jobs` for what it left.")
}
