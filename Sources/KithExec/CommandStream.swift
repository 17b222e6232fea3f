import Glibc
import KithAPI
import KithKeeper

/// Joins a running process and the frames of its asking side until the process has ended.
struct CommandStream: Sendable {
    let child: ChildProcess
    let duplex: Duplex

    /// Passes frames both ways.
    ///
    /// - Throws: ``KithError`` `cancelled` when the asking side went away while the process ran (it is
    ///   ended then), `protocol` for a frame that has no place here.
    func join() async throws -> ProcessEnd {
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await listen() }
                await speak()
                let end = await child.finished()
                group.cancelAll()
                let heard = await group.nextResult()
                if end.wasEnded, !end.timedOut { throw reason(heard) }
                return end
            }
        } onCancel: {
            child.requestEnd()
        }
    }

    // MARK: From the process

    /// Sends what the process writes; when nobody takes it, ends the process and lets the rest go.
    private func speak() async {
        var isHeard = true
        while let output = await child.nextOutput() {
            guard isHeard else { continue }
            do {
                try await duplex.send(Frame(output.stream == .standardOutput ? .data : .extra, output.bytes))
            } catch {
                isHeard = false
                child.requestEnd()
            }
        }
    }

    // MARK: To the process

    /// Obeys frames until there are no more: then the asking side has gone, and the process goes too.
    private func listen() async throws {
        defer { child.requestEnd() }
        while let frame = try await duplex.receive() { try await obey(frame) }
    }

    private func obey(_ frame: Frame) async throws {
        switch frame.kind {
        case .data: await child.write(frame.payload)
        case .end: await child.closeInput()
        case .event: await child.signal(try frame.decode(CommandSignal.self).signal.number)
        case .open, .extra, .failure:
            throw KithError(.protocolViolation, "A frame of kind \(frame.kind) has no place in a running command.")
        }
    }

    private func reason(_ heard: Result<Void, any Error>?) -> KithError {
        if case .failure(let error as KithError) = heard, error.code != .cancelled { return error }
        return KithError(.cancelled, "The asking side went away, and the command was ended.")
    }
}

extension CommandSignal.Name {
    /// The number that the kernel knows it by.
    var number: Int32 {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .hangUp: SIGHUP
        case .quit: SIGQUIT
        case .kill: SIGKILL
        }
    }
}
