import KithAPI

/// Sends frames of several tasks over one pipe, one at a time and in the order in which they came.
actor FrameSender {
    private let duplex: Duplex
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// A sender into `duplex`; nobody else sends there.
    init(_ duplex: Duplex) { self.duplex = duplex }

    /// Sends a frame; returns when the transport has room for more.
    func send(_ frame: Frame) async throws {
        await turn()
        defer { passOn() }
        try await duplex.send(frame)
    }

    /// Sends whole frames that stand one behind the other as they travel.
    func pass(_ frames: [UInt8]) async throws {
        await turn()
        defer { passOn() }
        try await duplex.pass(frames)
    }

    /// Says something in the middle of the stream.
    func say(_ news: CommandNews) async throws { try await send(Frame(.event, json: news)) }

    private func turn() async {
        if isBusy { await withCheckedContinuation { waiting.append($0) } }
        isBusy = true
    }

    /// Whoever waits longest is next, and stays busy in our place.
    private func passOn() {
        guard !waiting.isEmpty else {
            isBusy = false
            return
        }
        waiting.removeFirst().resume()
    }
}
