import KithAPI

/// The lines of a feed as bytes, without their line feeds; see ``KithClient/rawFeed(_:json:on:)``.
///
/// A failure midway (a last line `{"error":…}`) is thrown, not passed on.
public struct Lines: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = any Error

    let client: KithClient
    let name: String
    let request: @Sendable () throws -> [UInt8]
    let target: KithClient.Target

    /// Begins to ask; each iterator asks anew.
    public func makeAsyncIterator() -> Iterator { Iterator(lines: self) }

    /// Reads a feed line by line.
    public struct Iterator: AsyncIteratorProtocol {
        let lines: Lines
        private var exchange: Exchange?
        private var cutter = LineCutter()
        private var hasEnded = false

        init(lines: Lines) { self.lines = lines }

        /// The next line; nil at the end.
        public mutating func next() async throws -> [UInt8]? {
            guard !hasEnded else { return nil }
            let exchange = try await opened()
            while true {
                if let line = try cutter.next() { return try accept(line) }
                guard let piece = try await exchange.next() else { return try ended() }
                cutter.push(piece)
            }
        }

        private mutating func ended() throws(KithError) -> [UInt8]? {
            hasEnded = true
            exchange = nil
            guard let rest = cutter.rest() else { return nil }
            return try accept(rest)
        }

        private mutating func opened() async throws -> Exchange {
            if let exchange { return exchange }
            let exchange = try await Exchange.open(lines.client.socket, for: lines.client.session)
            try await exchange.ask(Question.path(of: lines.name, on: lines.target), json: lines.request())
            try await exchange.requireSuccess()
            self.exchange = exchange
            return exchange
        }

        private func accept(_ line: [UInt8]) throws(KithError) -> [UInt8] {
            if let error = Answer.error(in: line) { throw error }
            return line
        }
    }
}

/// The elements of a feed, see ``KithClient/feed(_:on:)``.
public struct Answers<Element: Decodable & Sendable>: AsyncSequence, Sendable {
    public typealias Failure = any Error

    let lines: Lines

    /// Begins to ask; each iterator asks anew.
    public func makeAsyncIterator() -> Iterator { Iterator(lines: lines.makeAsyncIterator()) }

    /// Reads a feed element by element.
    public struct Iterator: AsyncIteratorProtocol {
        var lines: Lines.Iterator

        /// The next element; nil at the end.
        public mutating func next() async throws -> Element? {
            guard let line = try await lines.next() else { return nil }
            return try Answer.decode(Element.self, from: line)
        }
    }
}
