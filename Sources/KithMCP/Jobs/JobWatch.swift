import KithAPI

/// Waits for the end of a job and tells the client meanwhile how far it is.
struct JobWatch {
    /// How often the client hears of progress.
    static let slice = 2.0

    private let errand: Errand
    private let place: Place

    init(_ errand: Errand, at place: Place) {
        self.errand = errand
        self.place = place
    }

    /// The job when it has ended, or as it is when `seconds` are over.
    func wait(for job: Job, atMost seconds: Double) async throws -> Job {
        let start = ContinuousClock.now
        var job = job
        while job.state == .running {
            let spent = (ContinuousClock.now - start).seconds
            guard spent < seconds else { return job }
            let slice = min(seconds - spent, errand.wantsProgress ? Self.slice : Double(Execution.longestWait))
            job = try await errand.ask(WaitForJob(jobID: job.jobID, seconds: slice), at: place)
            guard job.state == .running else { break }
            await errand.progress(
                errand.seconds, of: nil,
                "\(job.jobID) runs on \(place.name), \(job.outputBytes) bytes of output")
        }
        return job
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
