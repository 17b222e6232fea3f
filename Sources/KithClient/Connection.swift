import Glibc
import KithAPI

/// A connected socket, closed when nobody holds it any more. Whoever would have to wait is told so.
final class Connection: Sendable {
    /// What came of a read.
    enum Arrival {
        case bytes([UInt8])
        case nothingYet
        /// Its end, or it broke off.
        case end
    }

    /// The most bytes of one read.
    private static let pieceSize = 256 << 10

    let descriptor: Int32
    private let silence: DaemonSilence

    /// Takes the socket over; while nothing can be done, `silence` looks after the daemon.
    init(_ descriptor: Int32, _ silence: DaemonSilence) { (self.descriptor, self.silence) = (descriptor, silence) }

    deinit { Glibc.close(descriptor) }

    /// Ends it for both sides; whoever waits for it is woken.
    func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Returns when there may be something to read, or to write.
    ///
    /// - Throws: ``KithError`` `unavailable` where the daemon does not answer any more.
    func ready(toRead: Bool) async throws {
        while await !Poller.shared.isReady(descriptor, toRead: toRead, within: silence.pause) {
            try await silence.check()
        }
    }

    /// What has arrived.
    func receive() -> Arrival {
        var (count, reason) = (0, Int32(0))
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, initialized in
            repeat {
                count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
                reason = errno
            } while count < 0 && reason == EINTR
            initialized = max(0, count)
        }
        if count > 0 { return .bytes(bytes) }
        return count < 0 && reason == EAGAIN ? .nothingYet : .end
    }

    /// How many of `bytes` were taken, 0 where there is no room; nil if nobody reads there any more.
    func send(_ bytes: ArraySlice<UInt8>) -> Int? {
        let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
        var count = 0
        repeat {
            count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
        } while count < 0 && errno == EINTR
        return count >= 0 ? count : errno == EAGAIN ? 0 : nil
    }
}

/// Reads the answer when it is asked to: what nobody asks for stays in the daemon.
actor AnswerReader {
    /// After so many bytes in one go the descriptors have their turn.
    private static let turn = 1 << 20

    private let connection: Connection
    private var response = ResponseReader()
    private var sinceTurn = 0

    init(_ connection: Connection) { self.connection = connection }

    /// The status of the answer, when it comes.
    func status() async throws -> Int {
        guard case .status(let status) = try await part() else { throw Exchange.cut }
        return status
    }

    /// The next piece of the body; nil at its end.
    func next() async throws -> ArraySlice<UInt8>? {
        do {
            guard case .body(let piece) = try await part() else { return nil }
            return piece
        } catch let error as KithError where error.code == .unavailable {
            throw KithError.linkLost("The daemon has stopped answering before its answer was whole.")
        }
    }

    private func part() async throws -> ResponseReader.Part {
        while true {
            if let part = try response.next() { return part }
            try await giveTurn()
            switch connection.receive() {
            case .bytes(let bytes): take(bytes)
            case .nothingYet: try await connection.ready(toRead: true)
            case .end: throw Exchange.cut
            }
        }
    }

    private func take(_ bytes: [UInt8]) {
        response.push(bytes)
        sinceTurn += bytes.count
    }

    /// Somebody who never has to wait would keep the only thread from signals and input. Not `Task.yield`: it goes
    /// through a thread of Dispatch, even where there is but one. Only where more is missing: after the last byte of an
    /// answer the daemon has nothing to say.
    private func giveTurn() async throws {
        guard sinceTurn >= Self.turn else { return }
        sinceTurn = 0
        try await connection.ready(toRead: true)
    }
}

/// Writes the question, one whole piece after another.
actor QuestionWriter {
    private let connection: Connection
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ connection: Connection) { self.connection = connection }

    /// Writes all of `bytes`, waiting for room; false if nobody reads any more.
    func write(_ bytes: [UInt8]) async throws -> Bool {
        while isBusy { await withCheckedContinuation { waiting.append($0) } }
        isBusy = true
        defer { release() }
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let count = connection.send(rest) else { return false }
            rest = rest.dropFirst(count)
            if count == 0 { try await connection.ready(toRead: false) }
            try Task.checkCancellation()
        }
        return true
    }

    private func release() {
        isBusy = false
        let next = waiting
        waiting = []
        for one in next { one.resume() }
    }
}
