import CAvahi
import Dispatch

/// Avahi's event loop on one serial queue.
///
/// libavahi wants a table of C functions for watching descriptors and for timers. Its callbacks bring
/// nothing but a raw pointer, so this file and the two beside it (`QueueWatch`, `QueueTimer`) turn raw
/// pointers into objects; nobody else needs to. Everything happens on the queue, which is why no lock is
/// held. The object must outlive every client that was made with its table.
final class QueuePoll {
    let table: UnsafeMutablePointer<AvahiPoll>
    fileprivate let queue: DispatchQueue

    init(queue: DispatchQueue) {
        self.queue = queue
        table = .allocate(capacity: 1)
        table.initialize(to: AvahiPoll())
        table.pointee.userdata = Unmanaged.passUnretained(self).toOpaque()
        fillWatches()
        fillTimers()
    }

    deinit { table.deallocate() }

    private func fillWatches() {
        table.pointee.watch_new = { table, descriptor, events, callback, context in
            guard let poll = QueuePoll.from(table), let callback else { return nil }
            let handler = QueueWatch.Handler(callback: callback, context: context)
            return QueueWatch(descriptor: descriptor, events: events, handler: handler, queue: poll.queue)?.handOver()
        }
        table.pointee.watch_update = { QueueWatch.from($0)?.watch(for: $1) }
        table.pointee.watch_get_events = { QueueWatch.from($0)?.happening ?? AvahiWatchEvent(rawValue: 0) }
        table.pointee.watch_free = { QueueWatch.takeBack($0)?.end() }
    }

    private func fillTimers() {
        table.pointee.timeout_new = { table, time, callback, context in
            guard let poll = QueuePoll.from(table), let callback else { return nil }
            let timer = QueueTimer(handler: QueueTimer.Handler(callback: callback, context: context), queue: poll.queue)
            timer.set(to: time)
            return timer.handOver()
        }
        table.pointee.timeout_update = { QueueTimer.from($0)?.set(to: $1) }
        table.pointee.timeout_free = { QueueTimer.takeBack($0)?.end() }
    }

    private static func from(_ table: UnsafePointer<AvahiPoll>?) -> QueuePoll? {
        (table?.pointee.userdata).map { Unmanaged<QueuePoll>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// An object that libavahi holds by a raw pointer, from `handOver` to `takeBack`.
protocol HeldByAvahi: AnyObject {}

extension HeldByAvahi {
    func handOver() -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

    static func from(_ pointer: OpaquePointer?) -> Self? {
        pointer.map { Unmanaged<Self>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
    }

    static func takeBack(_ pointer: OpaquePointer?) -> Self? {
        pointer.map { Unmanaged<Self>.fromOpaque(UnsafeRawPointer($0)).takeRetainedValue() }
    }

    /// Who this is to libavahi, in its callbacks.
    var pointer: OpaquePointer { OpaquePointer(Unmanaged.passUnretained(self).toOpaque()) }
}
