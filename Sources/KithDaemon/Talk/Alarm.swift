/// Waiting for the first of two: a ring, or a moment.
enum Alarm {
    /// Returns at the first ring of `bell`, at the latest at `moment`; true if it rang. The bell is used up by it.
    static func ring(of bell: AsyncStream<Void>, until moment: ContinuousClock.Instant?) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await bell.first { true } != nil }
            if let moment {
                group.addTask {
                    try? await Task.sleep(until: moment, tolerance: .zero, clock: .continuous)
                    return false
                }
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}

extension Duration {
    /// So many seconds.
    init(seconds: Double) { self = .milliseconds(Int64((seconds * 1000).rounded(.up))) }
}
