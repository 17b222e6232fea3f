import KithAPI

/// The terminal of a job that lives on when its clients leave: its screen, and who looks at it.
@OnLoop final class KeptTerminal {
    let audience: Audience
    private(set) var outcome: ProcessEnd?
    private weak var job: KeptJob?
    private var attendants: [Audience.ID: Attendant] = [:]
    private var lastID = 0

    /// The terminal of a job whose window has this size at first; nil where there is no memory for it.
    init?(_ size: TerminalSize, of job: KeptJob) {
        guard let audience = Audience(size) else { return nil }
        self.audience = audience
        self.job = job
    }

    /// How many look.
    var count: Int { attendants.count }

    /// Takes the last read of the program's output.
    func wrote(_ wire: WireBuffer) {
        wire.forEachPiece { answer(audience.wrote($0)) }
        pumpAll()
    }

    /// A client comes.
    func join(_ size: TerminalSize, _ manner: Attendant.Manner, on connection: ServerConnection) -> Attendant {
        lastID += 1
        let attendant = Attendant(lastID, of: self, manner, on: connection)
        attendants[lastID] = attendant
        audience.join(lastID, size: size, isReadOnly: manner.isReadOnly, withScrollback: !manner.resumes)
        fit()
        return attendant
    }

    func leave(_ id: Audience.ID) {
        attendants[id] = nil
        guard outcome == nil else { return }
        job?.feeders.removeAll { $0.isClosed }
        answer(audience.leave(id))
        fit()
    }

    func resize(_ id: Audience.ID, to size: TerminalSize) {
        guard outcome == nil else { return }
        answer(audience.resize(id, to: size))
        fit()
    }

    /// Passes keys on; whoever types faster than the program reads waits.
    func type(_ bytes: [UInt8], from connection: ServerConnection) {
        guard outcome == nil, let job else { return }
        job.take(bytes)
        guard job.inputIsFull else { return }
        if !job.feeders.contains(where: { $0 === connection }) { job.feeders.append(connection) }
        connection.pause()
    }

    /// Nothing more will be written.
    func finish(_ end: ProcessEnd) {
        outcome = end
        pumpAll()
    }

    private func answer(_ bytes: [UInt8]) {
        if !bytes.isEmpty, outcome == nil { job?.take(bytes) }
    }

    /// Tells the program how large its window is now, and the clients what that changed.
    private func fit() {
        try? job?.resize(audience.size)
        pumpAll()
    }

    private func pumpAll() {
        for attendant in Array(attendants.values) { attendant.pump() }
    }
}

/// One client of a terminal.
@OnLoop final class Attendant {
    /// How it takes part.
    struct Manner: Sendable {
        var isReadOnly = false
        /// Whether it was here before and has the scrollback.
        var resumes = false
    }

    /// Bytes of one frame.
    private static let piece = 64 << 10

    private let id: Audience.ID
    private let terminal: KeptTerminal
    private let manner: Manner
    private let connection: ServerConnection
    private var endIsSent = false

    init(_ id: Audience.ID, of terminal: KeptTerminal, _ manner: Manner, on connection: ServerConnection) {
        self.id = id
        self.terminal = terminal
        self.manner = manner
        self.connection = connection
    }

    /// Sends what there is, while the client takes it: what it does not take, ``Audience`` keeps or drops.
    func pump() {
        while connection.flush(), !endIsSent {
            let bytes = terminal.audience.take(id)
            guard !bytes.isEmpty else { return sendEnd() }
            for start in stride(from: 0, to: bytes.count, by: Self.piece) {
                connection.send(Frame(.data, Array(bytes[start..<min(bytes.count, start + Self.piece)])))
            }
        }
    }

    private func sendEnd() {
        guard let outcome = terminal.outcome else { return }
        endIsSent = true
        connection.send(.end, outcome)
    }

    /// Takes a frame of the client.
    ///
    /// - Throws: ``KithError`` `protocol`.
    func obey(_ frame: Frame) throws {
        switch frame.kind {
        case .data: if !manner.isReadOnly { terminal.type(frame.payload, from: connection) }
        case .event: terminal.resize(id, to: try frame.decode(TerminalSize.self))
        default: throw KithError(.protocolViolation, "A frame of kind \(frame.kind) has no place here.")
        }
    }

    /// Leaves; called once, by its connection.
    func drop() { terminal.leave(id) }
}
