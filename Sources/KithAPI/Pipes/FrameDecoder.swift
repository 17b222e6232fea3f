/// Cuts a stream of bytes into frames, whatever the pieces in which it arrives. Pure. Each byte is copied once.
public struct FrameDecoder: Sendable {
    private var header: [UInt8] = []
    private var kind: Frame.Kind?
    private var payload: [UInt8] = []
    private var missing = 0
    /// The frames that the last piece completed, and how many of them are taken.
    private var ready: [Frame] = []
    private var taken = 0
    private var failure: KithError?

    /// A decoder at the start of a stream.
    public init() {}

    /// Takes the next piece of the stream.
    public mutating func push(_ bytes: some Sequence<UInt8>) {
        if taken > 0 {
            ready.removeSubrange(..<taken)
            taken = 0
        }
        let isRead: Void? = bytes.withContiguousStorageIfAvailable { read($0[...]) }
        if isRead == nil { Array(bytes).withUnsafeBufferPointer { read($0[...]) } }
    }

    /// The next whole frame, or nil until more arrives.
    ///
    /// - Throws: ``KithError`` `protocol` on an unknown kind or an absurd length; the stream is lost then.
    public mutating func next() throws(KithError) -> Frame? {
        guard taken < ready.count else {
            if let failure { throw failure }
            return nil
        }
        defer { taken += 1 }
        return ready[taken]
    }

    /// Whether a frame has begun and not ended: at the end of the stream that means it was cut.
    public var isInsideFrame: Bool { kind != nil || !header.isEmpty }

    private mutating func read(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        var rest = bytes
        while failure == nil, !rest.isEmpty {
            guard let kind else {
                let count = min(Frame.headerSize - header.count, rest.count)
                header.append(contentsOf: rest.prefix(count))
                rest = rest.dropFirst(count)
                if header.count == Frame.headerSize { begin() }
                continue
            }
            let count = min(missing, rest.count)
            payload.append(contentsOf: UnsafeBufferPointer(rebasing: rest.prefix(count)))
            rest = rest.dropFirst(count)
            missing -= count
            if missing == 0 { complete(kind) }
        }
    }

    /// Reads a whole header.
    private mutating func begin() {
        guard let kind = Frame.Kind(rawValue: header[0]) else {
            failure = KithError(.protocolViolation, "The other side sent a frame of unknown kind \(header[0]).")
            return
        }
        let length = header[1...].reduce(0) { $0 << 8 | Int($1) }
        guard length <= Frame.maximumPayload else {
            failure = KithError(
                .protocolViolation,
                "The other side sent a frame of \(length) bytes; at most \(Frame.maximumPayload) are allowed.")
            return
        }
        header.removeAll(keepingCapacity: true)
        self.kind = kind
        missing = length
        guard length > 0 else { return complete(kind) }
        payload.reserveCapacity(length)
    }

    private mutating func complete(_ kind: Frame.Kind) {
        ready.append(Frame(kind, payload))
        payload = []
        self.kind = nil
    }
}
