import CAvahi
import Dispatch
import Glibc

/// One timer of libavahi: fires once at a point of wall time, and can be set again.
final class QueueTimer: HeldByAvahi {
    struct Handler {
        let callback: AvahiTimeoutCallback
        let context: UnsafeMutableRawPointer?
    }

    private let handler: Handler
    private let queue: DispatchQueue
    private var source: (any DispatchSourceTimer)?

    init(handler: Handler, queue: DispatchQueue) {
        self.handler = handler
        self.queue = queue
    }

    /// Fires at `time`, at once if that has passed ({0, 0} always has), or not at all if it is nil.
    func set(to time: UnsafePointer<timeval>?) {
        end()
        guard let time else { return }
        // From wall time to a wait, now: a clock that is set later must not hold up the bus for hours.
        let wait = max(0, -avahi_age(time))
        let source = DispatchSource.makeTimerSource(queue: queue)
        source.schedule(deadline: .now() + .microseconds(Int(clamping: wait)))
        source.setEventHandler { [weak self] in self?.fire() }
        source.resume()
        self.source = source
    }

    func end() {
        source?.cancel()
        source = nil
    }

    private func fire() {
        guard source != nil else { return }
        end()
        handler.callback(pointer, handler.context)
    }
}
