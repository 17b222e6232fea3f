import CLinux
import Glibc
import KithClient

/// Signals to this process as values instead of as its end, from now until the process leaves.
struct Signals {
    /// Each signal as it comes. One reader.
    let stream: AsyncStream<Int32>
    private let numbers: [Int32]

    /// Takes over `signals`; where the system has no descriptors left, they keep their meaning.
    init(_ signals: [Int32]) {
        numbers = signals
        let descriptor = kith_catch_signals(signals, Int32(signals.count))
        stream = AsyncStream { await Self.next(descriptor) }
    }

    /// Stops listening; the signals are ignored from then on.
    func cancel() { for number in numbers { signal(number, SIG_IGN) } }

    private static func next(_ descriptor: Int32) async -> Int32? {
        guard descriptor >= 0 else { return nil }
        var number: UInt8 = 0
        while read(descriptor, &number, 1) != 1 {
            guard !Task.isCancelled else { return nil }
            await Poller.shared.readable(descriptor)
        }
        return Int32(number)
    }
}
