import CLinux
import Glibc
import KithAPI

/// One reader of a job's output. Who keeps up is fed from memory; who does not, from the segments, where frames stand
/// as they travel: a leader, who is never far behind, by copies, so that the files can be used again; others by
/// `sendfile`.
///
/// A slow one keeps its segment open, so that what it has begun it can finish though the log has moved on.
@OnLoop final class Follower {
    private struct Reading {
        let segment: Segment
        let file: Int32
        var offset: Int
    }

    private enum Place {
        /// At the end of what was written.
        case live
        case reading(Reading)
        /// At a cursor from which it has not begun to read.
        case behind(Int)
    }

    /// Bytes that one turn of the loop sends at most, so that others have their turn.
    private static let turn = 1 << 20
    private static let piece = 256 << 10

    let leads: Bool
    var id: JobID { source.id }
    private let source: OutputSource
    private let connection: ServerConnection
    private var place: Place
    private var endIsSent = false
    /// What a leader has not reached yet and a full disk did not take; the process waits meanwhile.
    private var backlog: [(cursor: Int, payload: Int, frames: [UInt8])] = []

    /// A follower from `cursor`; below 0: before the end.
    init(of source: OutputSource, from cursor: Int, leads: Bool, on connection: ServerConnection) {
        self.source = source
        self.leads = leads
        self.connection = connection
        let start = cursor < 0 ? max(0, source.log.cursor + cursor) : min(cursor, source.log.cursor)
        place = .behind(start)
        guard cursor < 0, let first = source.log.segment(from: start), first.start > start else { return }
        place = .behind(first.start)
    }

    /// Says at which cursor it begins.
    func announce() {
        guard case .behind(let cursor) = place else { return }
        var answer = KeeperAnswer()
        answer.cursor = cursor
        connection.send(.event, answer)
    }

    /// Bytes that it has not taken yet, about.
    var lag: Int {
        guard backlog.isEmpty else { return .max }
        return switch place {
        case .live: connection.waiting
        case .behind(let cursor): source.log.cursor - cursor
        case .reading(let reading):
            source.log.cursor - reading.segment.start
                - min(reading.offset, reading.segment.end - reading.segment.start)
        }
    }

    /// Whether the end has been given to the kernel for it.
    var hasEnd: Bool { endIsSent && connection.waiting == 0 }

    // MARK: New output

    /// Sends what it can of new output, if it waits for it.
    func offer(_ frames: UnsafeRawBufferPointer) -> Int {
        guard case .live = place, connection.waiting == 0 else { return 0 }
        return connection.sendNow(frames)
    }

    /// What was not sent is read from where it now stands, or held if it stands nowhere.
    func settle(sent: Int, of buffer: WireBuffer, at cursor: Int, place stored: (Segment, Int)?) {
        let frames = buffer.frames
        guard case .live = place else {
            if leads, stored == nil { backlog.append((cursor, buffer.payload, Array(frames))) }
            return
        }
        guard sent < frames.count else { return }
        if let (segment, offset) = stored {
            guard let file = segment.open() else { return connection.close() }
            place = .reading(Reading(segment: segment, file: file, offset: offset + sent))
        } else if connection.waiting == 0 || leads {
            connection.hold(UnsafeRawBufferPointer(rebasing: frames[sent...]))
        } else {
            place = .behind(cursor)
        }
        connection.awaitRoom()
    }

    // MARK: Reading on

    /// Sends what the socket takes.
    func pump() {
        let before = leads ? lag : 0
        var left = Self.turn
        while left > 0, connection.flush(), let count = step(atMost: left) { left -= count }
        if left <= 0 { connection.awaitRoom() }
        if leads, before > 0 { source.onPace?() }
    }

    /// Bytes that were sent; nil when there is nothing to do until something happens.
    private func step(atMost limit: Int) -> Int? {
        switch place {
        case .live: return sendEnd()
        case .behind(let cursor):
            begin(at: cursor)
            return 0
        case .reading(let reading): return read(on: reading, atMost: limit)
        }
    }

    private func sendEnd() -> Int? {
        guard !endIsSent, let outcome = source.outcome else { return nil }
        endIsSent = true
        switch outcome {
        case .ended(let end): connection.send(.end, end)
        case .lost: connection.send(KithError.jobWasLost)
        }
        return 0
    }

    private func read(on reading: Reading, atMost limit: Int) -> Int? {
        let rest = reading.segment.size - reading.offset
        guard rest > 0 else {
            reading.segment.close(reading.file)
            place = .behind(reading.segment.end)
            return 0
        }
        let size = min(rest, limit, Self.piece)
        let count =
            leads
            ? connection.sendCopy(of: reading.file, at: reading.offset, count: size)
            : reading.segment.lend(
                from: reading.file, at: reading.offset, count: size, to: connection.descriptor)
        guard count > 0 else {
            count == -Int(EAGAIN) ? connection.awaitRoom() : connection.close()
            return nil
        }
        place = .reading(Reading(segment: reading.segment, file: reading.file, offset: reading.offset + count))
        return count
    }

    /// Finds what stands at a cursor; announces a gap where nothing does.
    private func begin(at cursor: Int) {
        if let piece = backlog.first, piece.cursor == cursor {
            backlog.removeFirst()
            piece.frames.withUnsafeBytes { connection.hold($0) }
            place = .behind(cursor + piece.payload)
            return
        }
        guard let segment = source.log.segment(from: cursor) else {
            if cursor < source.log.cursor { skip(to: source.log.cursor) }
            place = .live
            return
        }
        if segment.start > cursor { skip(to: segment.start) }
        var offset = 0
        if cursor > segment.start {
            guard let piece = segment.piece(at: cursor) else { return jump(over: segment) }
            piece.rest.withUnsafeBytes { connection.hold($0) }
            offset = piece.offset
        }
        guard let file = segment.open() else { return jump(over: segment) }
        place = .reading(Reading(segment: segment, file: file, offset: offset))
    }

    /// A segment that somebody took away is a gap too.
    private func jump(over segment: Segment) {
        skip(to: segment.end)
        place = .behind(segment.end)
    }

    private func skip(to cursor: Int) {
        var answer = KeeperAnswer()
        answer.gapEnd = cursor
        connection.send(.event, answer)
    }

    /// Lets go of all; called once, by its connection.
    func drop() {
        if case .reading(let reading) = place { reading.segment.close(reading.file) }
        place = .live
        source.remove(self)
    }
}

extension KithError {
    /// What is left of a job whose keeper was killed.
    static let jobWasLost = KithError(
        .jobLost, "The keeper of this job was killed; nobody knows how it ended.", hint: "Start it again.")
}
