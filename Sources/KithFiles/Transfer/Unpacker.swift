import KithAPI

/// The receiving side of a transfer: takes its frames and places what they carry, on a queue of its own.
actor Unpacker {
    private nonisolated let executor = DiskExecutor("unpacker")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let landing: Landing
    private let boundary: Boundary
    /// By source, the name that its entries must begin with; nil where the sender may choose.
    private let expected: [FileName]?
    private var intake: Intake
    private var folders: FolderStack
    private var writer: FileWriter?
    private var summary = TransferSummary()

    /// Places what comes at `landing`, within `boundary`; `expected` are the names that were asked for.
    init(_ landing: Landing, in boundary: Boundary, expecting expected: [FileName]? = nil) {
        self.landing = landing
        self.boundary = boundary
        self.expected = expected
        intake = Intake(sources: expected?.count ?? Sources.maximumCount)
        folders = FolderStack(base: landing.folder)
    }

    /// Takes one frame; the outcomes of what it completed come back. Content that has no place is dropped.
    ///
    /// - Throws: only what ends the transfer; an entry that fails is an outcome.
    func take(_ frame: Frame) throws -> [TransferOutcome] {
        let outcomes =
            switch try intake.receive(frame) {
            case .entry(let header): begin(header)
            case .content(let bytes): append(bytes)
            case .trailer(let trailer): finish(trailer)
            }
        return count(outcomes)
    }

    /// The sender has said its end: the folders still open are finished.
    func end() -> [TransferOutcome] { count(folders.leave(for: [])) }

    /// What was placed so far.
    func total() -> TransferSummary { summary }

    /// The transfer is lost: what is half done goes away.
    func abandon() { writer = nil }

    private func begin(_ header: TransferHeader) -> [TransferOutcome] {
        writer = nil
        do throws(KithError) {
            if let error = header.error { throw error }
            let route = try route(of: header)
            let left = folders.leave(for: route.dropLast())
            return left + attempt(header, route)
        } catch {
            return [TransferOutcome(path: header.path, error: error)]
        }
    }

    private func attempt(_ header: TransferHeader, _ route: [FileName]) -> [TransferOutcome] {
        do throws(KithError) {
            return try place(header, route).map { [$0] } ?? []
        } catch {
            let path = route.reduce(landing.folder.path) { $0.appending($1) }
            return [TransferOutcome(path: path.text, error: error)]
        }
    }

    private func route(of header: TransferHeader) throws(KithError) -> [FileName] {
        let path = try EntryPath(header.path)
        if let expected, expected[header.source] != path.names.first, landing.name == nil {
            throw KithError(.protocolViolation, "The other side sent something that was not asked for.")
        }
        return try landing.route(path, source: header.source)
    }

    private func place(_ header: TransferHeader, _ route: [FileName]) throws(KithError) -> TransferOutcome? {
        guard let name = route.last else { return nil }
        let target = Target(folder: try folders.reach(route.dropLast()), name: name)
        guard boundary.allows(target.path) else { throw Boundary.refusal(target.path) }
        switch header.type {
        case .directory: try folders.enter(target, header)
        case .file: writer = try FileWriter(header, at: target)
        case .symlink: return try target.link(header)
        case .other: throw KithError(.requestInvalid, "`\(header.path)` is neither a file, a folder nor a link.")
        }
        return nil
    }

    private func append(_ bytes: [UInt8]) -> [TransferOutcome] {
        guard let writer else { return [] }
        do throws(KithError) {
            try writer.write(bytes)
            return []
        } catch {
            return lose(writer, error)
        }
    }

    private func finish(_ trailer: TransferTrailer) -> [TransferOutcome] {
        guard let writer else { return [] }
        do throws(KithError) {
            let outcome = try writer.commit(trailer)
            self.writer = nil
            return [outcome]
        } catch {
            return lose(writer, error)
        }
    }

    private func lose(_ writer: FileWriter, _ error: KithError) -> [TransferOutcome] {
        self.writer = nil
        return [TransferOutcome(path: writer.target.path.text, error: error)]
    }

    private func count(_ outcomes: [TransferOutcome]) -> [TransferOutcome] {
        for outcome in outcomes {
            summary.entries += outcome.error == nil ? 1 : 0
            summary.failures += outcome.error == nil ? 0 : 1
            summary.bytes += outcome.size
        }
        return outcomes
    }
}
