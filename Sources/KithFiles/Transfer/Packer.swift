import KithAPI

/// The sending side of a transfer: reads the disk and packs frames, on a queue of its own.
actor Packer {
    private nonisolated let executor = DiskExecutor("packer")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var walk: Walk
    private var reader: FileReader?
    private var entries = 0
    private var summary = TransferSummary()
    private var size = 0

    /// Packs `sources`, as far as `boundary` lets them be seen.
    init(_ sources: [String], in boundary: Boundary) { walk = Walk(sources, in: boundary) }

    /// The next frames, as many as fill one of full size, so that small files travel together; none at the end.
    ///
    /// At most 2 MiB and 256 frames.
    func batch() throws -> [Frame] {
        var frames: [Frame] = []
        var weight = 0
        while weight < Frame.maximumPayload / 2, frames.count < 256, let frame = try next() {
            weight += frame.payload.count
            frames.append(frame)
        }
        return frames
    }

    /// What was packed so far.
    func total() -> TransferSummary { summary }

    private func next() throws -> Frame? {
        if let (kind, payload) = reader?.next() { return try frame(kind, payload) }
        reader = nil
        guard entries < Intake.maximumEntries, var entry = walk.next() else { return nil }
        entries += 1
        do throws(KithError) {
            reader = try entry.file.map { (file) throws(KithError) in try FileReader(file) }
        } catch {
            entry.header.error = error
        }
        size = entry.header.size
        if reader == nil { count(entry.header.error) }
        return try Frame(.event, json: entry.header)
    }

    private func frame(_ kind: Frame.Kind, _ payload: FileReader.Payload) throws -> Frame {
        switch payload {
        case .bytes(let bytes): return Frame(kind, bytes)
        case .trailer(let trailer):
            count(trailer.error, bytes: size)
            return try Frame(kind, json: trailer)
        }
    }

    private func count(_ error: KithError?, bytes: Int = 0) {
        summary.entries += error == nil ? 1 : 0
        summary.bytes += error == nil ? bytes : 0
        summary.failures += error == nil ? 0 : 1
    }
}
