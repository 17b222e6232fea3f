/// A queue between two tasks that holds at most `limit` elements: the writer waits for room.
///
/// One reader. Cancelling a waiting reader or writer closes the queue for both.
public actor BoundedQueue<Element: Sendable> {
    private let limit: Int
    private var elements: [Element] = []
    private var reader: CheckedContinuation<Void, Never>?
    private var writers: [CheckedContinuation<Void, Never>] = []
    private var end: End?

    private enum End {
        case finished
        case failed(any Error)
    }

    /// An empty queue.
    public init(limit: Int) { self.limit = limit }

    /// Adds `element` when there is room.
    ///
    /// - Throws: ``KithError`` `cancelled` once the queue is closed, or the error with which it was.
    public func push(_ element: Element) async throws {
        while elements.count >= limit, end == nil {
            await waiting { self.writers.append($0) }
        }
        if case .failed(let error) = end { throw error }
        guard end == nil else { throw KithError(.cancelled, "The other side has gone.") }
        elements.append(element)
        wakeReader()
    }

    /// The next element, or nil after ``finish()``; what was pushed before is still delivered.
    public func next() async throws -> Element? {
        while elements.isEmpty, end == nil {
            await waiting { self.reader = $0 }
        }
        guard elements.isEmpty else {
            let element = elements.removeFirst()
            wakeWriters()
            return element
        }
        if case .failed(let error) = end { throw error }
        return nil
    }

    /// All elements that wait, at least one, or nil after ``finish()``.
    public func nextAll() async throws -> [Element]? {
        guard let first = try await next() else { return nil }
        defer { elements = [] }
        return [first] + elements
    }

    /// Closes the queue: no more pushes, and the reader gets nil after what is there.
    public func finish() { close(.finished) }

    /// Closes the queue: the reader gets `error` after what is there.
    public func fail(_ error: any Error) { close(.failed(error)) }

    private func close(_ how: End) {
        if end == nil { end = how }
        wakeReader()
        wakeWriters()
    }

    private func waiting(_ store: (CheckedContinuation<Void, Never>) -> Void) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    end = end ?? .finished
                    continuation.resume()
                } else {
                    store(continuation)
                }
            }
        } onCancel: {
            Task { await self.finish() }
        }
    }

    private func wakeReader() {
        reader?.resume()
        reader = nil
    }

    private func wakeWriters() {
        let waiting = writers
        writers = []
        for writer in waiting { writer.resume() }
    }
}

/// Reads a ``BoundedQueue`` to its end.
extension BoundedQueue {
    /// The elements as a sequence, for one reader.
    public nonisolated var sequence: Elements { Elements(queue: self) }

    /// The sequence of a queue's elements.
    public struct Elements: AsyncSequence, Sendable {
        fileprivate let queue: BoundedQueue

        /// Reads the queue; make one only.
        public func makeAsyncIterator() -> Iterator { Iterator(queue: queue) }

        /// Reads the queue.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let queue: BoundedQueue

            /// The next element, or nil at the end.
            public func next() async throws -> Element? { try await queue.next() }
        }
    }
}
