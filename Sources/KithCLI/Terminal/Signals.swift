import Dispatch
import Glibc

/// Signals to this process as values instead of as its end, from now until the process leaves.
struct Signals {
    /// Each signal as it comes; at most sixteen wait.
    let stream: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    /// Takes over `signals`.
    init(_ signals: [Int32]) {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingOldest(16))
        self.stream = stream
        sources = signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.activate()
            return source
        }
    }

    /// Stops listening; the signals stay ignored. Until then the value must be held.
    func cancel() { for source in sources { source.cancel() } }
}
