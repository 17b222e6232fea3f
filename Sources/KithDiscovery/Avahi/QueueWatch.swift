import CAvahi
import Dispatch
import Glibc

/// One descriptor that libavahi watches for reading, writing, or both.
///
/// It watches a duplicate: libavahi closes its descriptor as soon as the watch is freed, but Dispatch lets
/// go of one a little later, and would then forget a new connection that got the same number.
final class QueueWatch: HeldByAvahi {
    struct Handler {
        let callback: AvahiWatchCallback
        let context: UnsafeMutableRawPointer?
    }

    /// What is happening, during the callback.
    private(set) var happening = AvahiWatchEvent(rawValue: 0)
    private let descriptor: Int32
    private let duplicate: Int32
    private let handler: Handler
    private let queue: DispatchQueue
    private var wanted = AvahiWatchEvent(rawValue: 0)
    private var reading: (any DispatchSourceRead)?
    private var writing: (any DispatchSourceWrite)?
    private var hasEnded = false

    /// Watches from now on; nil if the process has no descriptor left.
    init?(descriptor: Int32, events: AvahiWatchEvent, handler: Handler, queue: DispatchQueue) {
        duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        self.descriptor = descriptor
        self.handler = handler
        self.queue = queue
        guard duplicate >= 0 else { return nil }
        watch(for: events)
    }

    /// Closes the duplicate when both sources have let go of it: each holds one reference to the closer.
    private lazy var closer = DescriptorCloser(duplicate)

    func watch(for events: AvahiWatchEvent) {
        wanted = events
        watchReading(events.rawValue & AVAHI_WATCH_IN.rawValue != 0)
        watchWriting(events.rawValue & AVAHI_WATCH_OUT.rawValue != 0)
    }

    func end() {
        hasEnded = true
        watchReading(false)
        watchWriting(false)
    }

    private func watchReading(_ isWanted: Bool) {
        guard isWanted != (reading != nil) else { return }
        reading?.cancel()
        reading = isWanted ? prepared(DispatchSource.makeReadSource(fileDescriptor: duplicate, queue: queue)) : nil
    }

    private func watchWriting(_ isWanted: Bool) {
        guard isWanted != (writing != nil) else { return }
        writing?.cancel()
        writing = isWanted ? prepared(DispatchSource.makeWriteSource(fileDescriptor: duplicate, queue: queue)) : nil
    }

    private func prepared<Source: DispatchSourceProtocol>(_ source: Source) -> Source {
        let closer = closer
        source.setEventHandler { [weak self] in self?.fire() }
        source.setCancelHandler { withExtendedLifetime(closer) {} }
        source.resume()
        return source
    }

    /// Asks the kernel again, because an earlier callback of this turn may have read everything.
    private func fire() {
        guard !hasEnded else { return }
        var state = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: wanted.rawValue), revents: 0)
        guard poll(&state, 1, 0) > 0, state.revents != 0 else { return }
        happening = AvahiWatchEvent(rawValue: UInt32(UInt16(bitPattern: state.revents)))
        handler.callback(pointer, descriptor, happening, handler.context)
        happening = AvahiWatchEvent(rawValue: 0)
    }
}

/// Closes a descriptor when the last one who needs it is gone.
private final class DescriptorCloser: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
