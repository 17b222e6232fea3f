import FoundationEssentials
import KithAPI
import KithClient

/// What a job wrote, printed as it stands, over as many connections as it takes.
struct JobLog {
    let session: Session
    let target: KithClient.Target

    /// Prints the output of `id`, to its end if `follows`, and what is there otherwise.
    func show(_ id: JobID, follows: Bool) async throws {
        var cursor = 0
        var wasConnected = false
        var reconnection = Reconnection(patience: ExecRun.patience)
        while true {
            do {
                let request = FollowJob(jobID: id, cursor: cursor, stopsAtEnd: follows ? nil : true)
                for try await line in session.client.rawFeed(FollowJob.name, json: try JSON.encode(request), on: target)
                {
                    let event = try KithClient.read(JobEvent.self, from: line)
                    try await show(event, line)
                    cursor = event.next
                    wasConnected = true
                    reconnection = Reconnection(patience: ExecRun.patience)
                    if event.kind == .end { return }
                }
                if !follows { return }
                throw KithError.linkLost("The link was lost before the job ended.")
            } catch let error as KithError {
                wasConnected = wasConnected || error.code == .linkLost
                guard wasConnected, try await reconnection.mayTryAgain(after: error) else { throw error }
            }
        }
    }

    private func show(_ event: JobEvent, _ line: [UInt8]) async throws {
        guard session.output.format == .people else { return try session.output.answer(line) }
        switch event.kind {
        case .stdout: try await Descriptor.standardOutput.stream(Self.bytes(event))
        case .stderr: try await Descriptor.standardError.stream(Self.bytes(event))
        case .gap:
            session.output.note("kith: \(Measure.bytes(max(0, event.next - event.at))) of output are no longer kept.")
        case .end: break
        }
    }

    /// The bytes that an event carries.
    static func bytes(_ event: JobEvent) -> [UInt8] {
        guard let text = event.text else { return [] }
        return event.encoding == .base64 ? [UInt8](Data(base64Encoded: text) ?? Data()) : Array(text.utf8)
    }
}
