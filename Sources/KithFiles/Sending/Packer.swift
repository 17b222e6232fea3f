import KithAPI
import KithDigest

/// The sending side of a transfer: reads the disk and packs frames, on a queue of its own.
///
/// It announces ahead of what it sends, so that the other side can say what it lacks without a wait, and runs at most
/// ``window`` bytes of content ahead of what the other side has safe, so that no more is ever sent again.
actor Packer {
    /// The most bytes of content that are under way or not yet safe over there.
    static let window = 4 << 20
    /// A file of so many bytes at most travels whole, among the records.
    static let smallSize = 128 << 10
    /// A frame of records is sent when it has so many bytes.
    private static let frameSize = 256 << 10
    private static let entriesAtOnce = 256

    private enum Job {
        case proof(Int)
        case blocks(Int, length: Int)
        case content(Int, blocks: [Int])
    }

    private nonisolated let executor = DiskExecutor("packer")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var walk: Walk
    private var isWalkDone = false
    private var isOver = false
    private var announced = Announced()
    private var jobs: [Job] = []
    private var reading: Reading?
    private var entries = 0
    private var sentBytes = 0
    private var keptBytes = 0
    private var total: Int?
    private var summary = TransferSummary()
    private var waiter: CheckedContinuation<Void, Never>?
    private(set) var firstFailure: KithError?

    /// Packs `sources`, as far as `boundary` lets them be seen.
    init(_ sources: [String], in boundary: Boundary) { walk = Walk(sources, in: boundary) }

    /// What was sent so far, and what was not as this side knows it.
    func sent() -> TransferSummary {
        var sent = summary
        sent.sentBytes = sentBytes
        return sent
    }

    /// Bytes in all, to be told to the other side.
    func expect(_ total: Int?) {
        self.total = total
        wake()
    }

    /// Takes what the other side says. Bytes that need not be sent come back, and what became of entries.
    ///
    /// - Throws: ``KithError`` `protocol` if it makes no sense.
    func take(_ records: [SinkRecord]) throws(KithError) -> SinkNews {
        var news = SinkNews()
        for record in records {
            switch record {
            case .want(let file, let blocks, let offset): try want(file, blocks, from: offset)
            case .askProof(let file): jobs.append(.proof(try announced.known(file)))
            case .askBlocks(let file, let length): jobs.append(.blocks(try announced.known(file), length: length))
            case .drop(let file, let isUnchanged):
                news.sparedBytes = news.sparedBytes.adding(bytes: drop(file, isUnchanged))
            case .kept(let count): keptBytes = max(keptBytes, min(count, sentBytes))
            case .verdict(let verdict): news.verdicts.append(verdict)
            case .summary(let summary): news.summary = summary
            }
        }
        guard jobs.count <= 2 * Announced.maximumCount else { throw RecordReader.violation }
        wake()
        return news
    }

    /// A file that was sent to its end meanwhile has nothing to drop.
    private func drop(_ file: Int, _ isUnchanged: Bool) -> Int {
        guard let origin = try? announced.remove(file) else { return 0 }
        if reading?.file == file { reading?.work = .nothing }
        summary.unchanged += isUnchanged ? 1 : 0
        return isUnchanged ? origin.status.size : 0
    }

    private func want(_ file: Int, _ blocks: [Int], from offset: Int) throws(KithError) {
        let length = announced.starts[try announced.known(file)]?.length ?? 0
        guard offset == length || offset == 0 else { throw RecordReader.violation }
        if offset == 0 { announced.starts[file] = nil }
        jobs.append(.content(file, blocks: blocks))
    }

    /// The next frames, and how many bytes of content they carry; nil once all is said. Waits for the other side
    /// where there is nothing to do without it.
    func next() async throws -> Batch? {
        while !isOver {
            try Task.checkCancellation()
            let batch = try pack()
            if !batch.frames.isEmpty { return batch }
            await wait()
        }
        return nil
    }

    /// Frames that travel together.
    struct Batch: Sendable {
        var frames: [Frame] = []
        var contentBytes = 0
    }

    private func pack() throws -> Batch {
        var records = RecordWriter()
        var batch = Batch()
        let before = sentBytes
        if let total {
            SourceRecord.total(total).write(to: &records)
            self.total = nil
        }
        announce(&records)
        while records.bytes.count < Self.frameSize, let frame = try advance(&records) {
            guard !frame.isEmpty else { continue }
            if !records.isEmpty { batch.frames.append(Frame(.extra, records.bytes)) }
            records = RecordWriter()
            batch.frames.append(Frame(.data, frame))
            if sentBytes - before >= ContentReader.pieceSize { break }
        }
        if isWalkDone, announced.isEmpty, reading == nil, !isOver {
            SourceRecord.over.write(to: &records)
            isOver = true
        }
        if !records.isEmpty { batch.frames.append(Frame(.extra, records.bytes)) }
        batch.contentBytes = sentBytes - before
        return batch
    }

    private func announce(_ records: inout RecordWriter) {
        var count = 0
        while !isWalkDone, !announced.isFull, count < Self.entriesAtOnce,
            records.bytes.count < Self.frameSize
        {
            guard entries < Intake.maximumEntries, let entry = walk.next() else { return isWalkDone = true }
            entries += 1
            count += 1
            announce(entry, &records)
        }
    }

    private func announce(_ entry: Walk.Entry, _ records: inout RecordWriter) {
        if let error = entry.error {
            count(error)
            return SourceRecord.unreadable(path: entry.header.path, error).write(to: &records)
        }
        if let origin = entry.origin { announced.add(origin) } else { summary.entries += 1 }
        SourceRecord.entry(entry.header).write(to: &records)
    }

    /// Does the next piece of work. Answers the content of a `data` frame that is to follow the records, or nothing
    /// if there was no content; nil if all work waits for the other side.
    private func advance(_ records: inout RecordWriter) throws -> [UInt8]? {
        if reading != nil { return try read(&records) }
        guard let job = jobs.first else { return nil }
        switch job {
        case .proof(let file): try proof(file, &records)
        case .blocks(let file, let length):
            try begin(file, &records) { (origin) throws(KithError) in
                .prefix(try PrefixReader(origin, length: length))
            }
        case .content(let file, let blocks):
            guard hasRoom(for: try announced.origin(file).status.size) else { return nil }
            try content(file, blocks, &records)
        }
        jobs.removeFirst()
        return []
    }

    private func hasRoom(for size: Int) -> Bool {
        sentBytes - keptBytes + min(size, ContentReader.pieceSize) <= Self.window
    }

    private func begin(
        _ file: Int, _ records: inout RecordWriter, _ open: (Origin) throws(KithError) -> Reading.Work
    ) throws {
        do throws(KithError) {
            reading = Reading(file: file, work: try open(try announced.origin(file)))
        } catch {
            try lose(file, error, &records)
        }
    }

    private func content(_ file: Int, _ blocks: [Int], _ records: inout RecordWriter) throws {
        let origin = try announced.origin(file)
        guard origin.status.size > Self.smallSize else { return try small(file, origin, &records) }
        let start = announced.starts[file]
        try begin(file, &records) { (origin) throws(KithError) in
            .content(try ContentReader(origin, after: start, blocks: blocks))
        }
        if reading != nil { SourceRecord.begin(file).write(to: &records) }
    }

    private func small(_ file: Int, _ origin: Origin, _ records: inout RecordWriter) throws {
        do throws(KithError) {
            let bytes = try origin.whole()
            SourceRecord.small(file, digest: SHA256.hash(bytes), content: bytes).write(to: &records)
            sentBytes += bytes.count
            try sent(file)
        } catch {
            try lose(file, error, &records)
        }
    }

    private func proof(_ file: Int, _ records: inout RecordWriter) throws {
        guard try announced.origin(file).status.size <= Self.smallSize else {
            return try begin(file, &records) { (origin) throws(KithError) in
                .proof(try PrefixReader(origin, length: .max))
            }
        }
        do throws(KithError) {
            let digest = SHA256.hash(try announced.origin(file).whole())
            SourceRecord.proof(file, digest: digest).write(to: &records)
        } catch {
            try lose(file, error, &records)
        }
    }

    private func sent(_ file: Int) throws(KithError) {
        summary.bytes = summary.bytes.adding(bytes: try announced.remove(file).status.size)
        summary.entries += 1
    }

    private func lose(_ file: Int, _ error: KithError, _ records: inout RecordWriter) throws(KithError) {
        SourceRecord.lost(file, error).write(to: &records)
        _ = try announced.remove(file)
        reading = nil
        count(error)
    }

    private func count(_ error: KithError) {
        summary.failures += 1
        firstFailure = firstFailure ?? error
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { waiter = continuation }
            }
        } onCancel: {
            Task { await self.wake() }
        }
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}

/// What the other side has said, for who follows the transfer.
struct SinkNews: Sendable {
    /// Bytes of files that are there already.
    var sparedBytes = 0
    var verdicts: [EntryVerdict] = []
    var summary: TransferSummary?
}

extension Packer {
    /// What is being read of which file.
    struct Reading {
        enum Work {
            case proof(PrefixReader)
            case prefix(PrefixReader)
            case content(ContentReader)
            /// The other side cannot place it.
            case nothing
        }

        let file: Int
        var work: Work
    }

    /// Reads on; answers as ``advance(_:)`` does.
    private func read(_ records: inout RecordWriter) throws -> [UInt8]? {
        guard let current = reading else { return nil }
        do throws(KithError) {
            switch current.work {
            case .proof(let reader): try readProof(reader, current.file, &records)
            case .prefix(let reader): try readPrefix(reader, current.file, &records)
            case .content(let reader): return try readContent(reader, current.file, &records)
            case .nothing:
                SourceRecord.lost(current.file, KithError(.cancelled, "It was not wanted any more.")).write(
                    to: &records)
                reading = nil
            }
        } catch {
            try lose(current.file, error, &records)
        }
        return []
    }

    private func readProof(_ start: PrefixReader, _ file: Int, _ records: inout RecordWriter) throws(KithError) {
        var reader = start
        while !reader.isDone { try reader.skip() }
        SourceRecord.proof(file, digest: reader.hashed.finish()).write(to: &records)
        reading = nil
    }

    private func readPrefix(_ start: PrefixReader, _ file: Int, _ records: inout RecordWriter) throws(KithError) {
        var reader = start
        let hashes = try reader.next()
        SourceRecord.blocks(file, hashes: hashes, isLast: reader.isDone).write(to: &records)
        reading = reader.isDone ? nil : Reading(file: file, work: .prefix(reader))
        if reader.isDone { announced.starts[file] = reader }
    }

    private func readContent(_ start: ContentReader, _ file: Int, _ records: inout RecordWriter) throws(KithError)
        -> [UInt8]?
    {
        guard hasRoom(for: ContentReader.pieceSize) else { return nil }
        var reader = start
        let piece = try reader.next()
        reading?.work = .content(reader)
        switch piece {
        case .data(let bytes):
            sentBytes += bytes.count
            return bytes
        case .hole(let count): SourceRecord.hole(count).write(to: &records)
        case .finish(let digest):
            SourceRecord.finish(digest: digest).write(to: &records)
            reading = nil
            try sent(file)
        }
        return []
    }
}
