/// One side of one pairing, without sockets, clocks or people: events in, actions out.
///
/// Give it ``PairingEvent/connected`` first, then every event as it happens, and perform the
/// actions of each in order. After ``PairingAction/end(_:)`` it answers nothing more.
public protocol PairingMachine: Sendable {
    /// Takes one event; the actions are to be performed before the next event is given.
    mutating func receive(_ event: PairingEvent) -> [PairingAction]
}

/// What the two machines tell the part that they share.
protocol PairingExchange: PairingMachine {
    var session: PairingSession { get set }
    /// The first actions.
    mutating func begin() -> [PairingAction]
    /// A message of the first half.
    mutating func take(_ message: PairingMessage) -> [PairingAction]
    /// An event that only this role knows.
    mutating func answer(_ event: PairingEvent) -> [PairingAction]
}

extension PairingExchange {
    mutating func step(_ event: PairingEvent) -> [PairingAction] {
        guard !session.isEnded else { return [] }
        switch event {
        case .connected: return begin()
        case .received(let bytes): return take(bytes)
        case .claimed, .typed, .approved: return answer(event)
        default: return session.confirm(event)
        }
    }

    private mutating func take(_ bytes: [UInt8]) -> [PairingAction] {
        guard session.frames.append(bytes) else { return session.fail(.protocolViolation) }
        var actions: [PairingAction] = []
        while !session.isEnded {
            switch session.frames.next() {
            case .incomplete: return actions
            case .malformed: actions += session.fail(.protocolViolation)
            case .message(let message): actions += read(message)
            }
        }
        return actions
    }

    private mutating func read(_ bytes: [UInt8]) -> [PairingAction] {
        guard let message = PairingMessage(bytes, suite: session.suite) else {
            return session.fail(.protocolViolation)
        }
        if case .abort(let reason) = message { return session.fail(reason, byPeer: true) }
        return session.confirmation == nil ? take(message) : session.confirm(message)
    }
}
