import Glibc

/// What a job wrote, as far as it is kept: the first ``KeeperLimits/head`` bytes of files and the last
/// ``KeeperLimits/tail``, in segments; what lies between is a gap with exact ends.
///
/// A cursor counts bytes of both streams. Where the disk takes nothing, the log goes on without it: that is
/// a gap too.
final class OutputLog {
    private let folder: String
    private let limits: KeeperLimits
    /// What is kept, in order.
    private(set) var segments: [Segment] = []
    /// The cursor at which the next byte will stand.
    private(set) var cursor = 0
    private var file: Int32 = -1
    private var headSize = 0
    private var headCount = 0
    private var headIsFull = false
    /// Below this nothing is tried again after the disk refused.
    private var silentUntil = 0

    /// An empty log; the folder has to be there by the first output.
    init(folder: String, limits: KeeperLimits) {
        self.folder = folder
        self.limits = limits
    }

    /// The log of a job that has ended; its segments are looked through as they are needed.
    ///
    /// - Parameter cursor: where it ended; nil where nobody knows.
    init(reading folder: String, names: [String], cursor: Int?, limits: KeeperLimits) {
        self.folder = folder
        self.limits = limits
        segments = names.compactMap { Segment(name: $0, in: folder) }.sorted { $0.start < $1.start }
        if let cursor, (0..<Segment.limit).contains(cursor) {
            self.cursor = cursor
        } else {
            self.cursor = segments.last { $0.size > 0 }?.end ?? 0
        }
    }

    deinit { seal() }

    /// Writes frames down, and says where they stand; nil when the disk did not take them.
    func append(_ frames: UnsafeRawBufferPointer, payload: Int) -> (segment: Segment, offset: Int)? {
        defer { cursor += payload }
        guard cursor >= silentUntil, let segment = place(for: frames.count) else { return nil }
        let offset = segment.size
        if segment.append(frames, payload: payload, to: file) { return (segment, offset) }
        seal()
        if segment.size == 0 {
            segment.remove()
            segments.removeLast()
        }
        silentUntil = cursor + limits.segment / 4
        return nil
    }

    /// Nothing more will be written.
    func seal() {
        guard file >= 0 else { return }
        segments.last?.seal(file)
        close(file)
        file = -1
    }

    /// Removes the last segment, to make room for what matters more; false where there is none.
    func giveUpLast() -> Bool {
        guard let last = segments.popLast() else { return false }
        last.remove()
        return true
    }

    /// The segment that holds `cursor`, or the next one behind it.
    func segment(from cursor: Int) -> Segment? {
        let first = segments.lastIndex { $0.start <= cursor } ?? 0
        return segments[first...].first { $0.end > cursor }
    }

    private func place(for size: Int) -> Segment? {
        if file >= 0, let last = segments.last, last.end == cursor, last.size + size <= limits.segment { return last }
        seal()
        let spare = makeRoom()
        let segment = Segment(start: cursor, in: folder)
        guard let created = create(segment, from: spare) else {
            silentUntil = cursor + limits.segment / 4
            return nil
        }
        file = created
        segments.append(segment)
        return segment
    }

    private func create(_ segment: Segment, from spare: Segment?) -> Int32? {
        guard let spare else { return segment.create() }
        if let file = segment.create(from: spare) { return file }
        spare.remove()
        return segment.create()
    }

    /// Before a segment is begun: what is full counts to the head as long as it fits, then the tail moves on.
    ///
    /// - Returns: One that is not kept any more and that nobody reads; its file may be used again.
    private func makeRoom() -> Segment? {
        while !headIsFull, headCount < segments.count {
            headIsFull = headSize + segments[headCount].size > limits.head
            guard !headIsFull else { break }
            headSize += segments[headCount].size
            headCount += 1
        }
        var tail = segments[headCount...].reduce(0) { $0 + $1.size }
        var spare: Segment?
        while tail + limits.segment > limits.tail, headCount < segments.count {
            let old = segments.remove(at: headCount)
            tail -= old.size
            if spare == nil, old.isFree { spare = old } else { old.remove() }
        }
        return spare
    }
}
