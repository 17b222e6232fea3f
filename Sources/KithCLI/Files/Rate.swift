import KithAPI

/// How fast a transfer goes: smoothed over the last few seconds.
struct Rate {
    private var last: (bytes: Int, time: ContinuousClock.Instant)?
    private var bytesPerSecond: Double?

    /// The line that shows `event`: `42 %  1.4 of 3.3 MiB  800 KiB/s  3 s left`.
    mutating func line(_ event: TransferEvent, at time: ContinuousClock.Instant) -> String {
        learn(event.bytes, time)
        let speed = bytesPerSecond.map { "  \(Measure.bytes(Int($0)))/s" } ?? ""
        guard let total = event.totalBytes, total > 0 else { return Measure.bytes(event.bytes) + speed }
        let share = "\(min(100, event.bytes * 100 / total)) %  \(Measure.bytes(event.bytes)) of \(Measure.bytes(total))"
        return share + speed + left(total - event.bytes)
    }

    private mutating func learn(_ bytes: Int, _ time: ContinuousClock.Instant) {
        guard let last else { return self.last = (bytes, time) }
        let span = time - last.time
        let seconds = Double(span.components.seconds) + Double(span.components.attoseconds) * 1e-18
        guard seconds >= 0.2 else { return }
        let current = Double(bytes - last.bytes) / seconds
        bytesPerSecond = bytesPerSecond.map { $0 * 0.7 + current * 0.3 } ?? current
        self.last = (bytes, time)
    }

    private func left(_ bytes: Int) -> String {
        guard let bytesPerSecond, bytesPerSecond >= 1, bytes > 0 else { return "" }
        let seconds = min(Double(bytes) / bytesPerSecond, 86_400 * 99)
        return "  \(Measure.duration(seconds: Int(seconds) + 1)) left"
    }
}
