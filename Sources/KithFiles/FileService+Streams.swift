public import KithAPI

extension FileService {
    /// Writes one file from what comes over `duplex` until its `end`; the caller sends the end from the answer.
    ///
    /// - Throws: as ``put(_:over:from:)``; `file.is_folder` where a folder stands.
    public func write(_ request: WriteFile, over duplex: Duplex, from caller: Caller) async throws -> TransferOutcome {
        try await slots.run(for: caller) {
            let pen = try await questions.run {
                let boundary = boundary(caller, .filesWrite)
                let place = try boundary.place(try RequestedPath(request.path, home: home))
                return try Pen(Target(folder: place.folder, name: place.name), mode: request.mode ?? 0o644, at: seconds)
            }
            while let frame = try await duplex.receive() {
                switch frame.kind {
                case .data: try await pen.write(frame.payload)
                case .end: return try await pen.finish()
                case .failure: throw try frame.decode(KithError.self)
                default: throw Intake.violation("a frame that does not belong here")
                }
            }
            throw KithError(.peerOffline, "The other side went away in the middle of the file.")
        }
    }

    /// Sends the content of one file over `duplex`; the caller sends the end from the answer.
    ///
    /// - Throws: `not_found` for what is absent or closed to the caller, `file.is_folder`, `file.io` for what is
    ///   neither, `conflict` if the file changes meanwhile, `limited` over 32 transfers, 8 of one peer, and for a peer `timed_out` when
    ///   nothing is taken for five minutes.
    public func read(_ request: ReadFile, over duplex: Duplex, from caller: Caller) async throws -> TransferOutcome {
        try await slots.run(for: caller) {
            let page = try await questions.run {
                let found = try boundary(caller, .filesRead).open(try RequestedPath(request.path, home: home))
                return try Page(found)
            }
            let limits = caller == .owner ? nil : silence
            return try await Pulse.watching(duplex, limits, beats: false) { duplex in
                while let bytes = try await page.next() { try await duplex.send(Frame(.data, bytes)) }
                return await page.outcome()
            }
        }
    }
}
