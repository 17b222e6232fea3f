import KithAPI

@testable import KithTrust

/// Two machines, two people and two trust books in memory, joined by a channel that a test can disturb.
struct Duet {
    enum Side { case inviter, joiner }
    enum Pin { case pending, active }

    var inviter: InviterMachine
    var joiner: JoinerMachine

    /// What the person at the joiner answers, and when.
    enum Answer { case yes, yesAfterInviter, no, never }
    var answer = Answer.yes
    /// What the person at the inviter types.
    enum Typing { case shown, text(String), refuses, nothing }
    var typing = Typing.shown
    var claim = InviteClaim.granted
    /// Sees every frame on its way, and says what arrives instead.
    var tamper: (Side, [UInt8]) -> [[UInt8]] = { [$1] }
    /// Perform so many actions, then one or both sides are dead.
    var actionLimit = Int.max
    var dies: [Side] = [.inviter, .joiner]
    /// Whether what was on its way is lost with the dead, as after a reset of the connection.
    var losesFlight = false

    private(set) var pins: [Side: Pin] = [:]
    private(set) var pinHistory: [Side: [Step]] = [.inviter: [], .joiner: []]
    private(set) var ends: [Side: PairingEnd] = [:]
    private(set) var sent: [Side: [[UInt8]]] = [.inviter: [], .joiner: []]
    private(set) var shown: ShortCode?
    private(set) var asked: [Side: PairingMeta] = [:]
    private(set) var approvals: Set<Side> = []
    private(set) var actionCount = 0
    private var events: [(Side, PairingEvent)] = []
    private var dead: Set<Side> = []

    enum Step { case store, activate, drop }

    init(_ inviter: InviterMachine, _ joiner: JoinerMachine) {
        self.inviter = inviter
        self.joiner = joiner
    }

    mutating func run() {
        post(.inviter, .connected)
        post(.joiner, .connected)
        drain()
        if answer == .yesAfterInviter, approvals.contains(.inviter), ends[.joiner] == nil {
            approvals.insert(.joiner)
            post(.joiner, .approved)
            drain()
        }
    }

    mutating func post(_ side: Side, _ event: PairingEvent) { events.append((side, event)) }

    mutating func drain() {
        while !events.isEmpty {
            let (side, event) = events.removeFirst()
            guard !dead.contains(side) else { continue }
            let actions = side == .inviter ? inviter.receive(event) : joiner.receive(event)
            for action in actions where !dead.contains(side) { perform(action, for: side) }
        }
    }

    private mutating func perform(_ action: PairingAction, for side: Side) {
        if actionCount == actionLimit { kill() }
        guard !dead.contains(side) else { return }
        actionCount += 1
        switch action {
        case .send(let bytes): deliver(bytes, from: side)
        case .claimInvite: post(side, .claimed(claim))
        case .askForDigits(let meta, _): ask(meta)
        case .askForApproval(let meta, let code): show(code, of: meta)
        case .storePin: record(.store, .pending, side, .pinStored)
        case .activatePin: record(.activate, .active, side, .pinActivated)
        case .dropPin: record(.drop, nil, side, nil)
        case .startTimer: break
        case .end(let end): finish(end, side)
        }
    }

    private mutating func deliver(_ bytes: [UInt8], from side: Side) {
        sent[side, default: []].append(bytes)
        let other: Side = side == .inviter ? .joiner : .inviter
        for piece in tamper(side, bytes) { post(other, .received(piece)) }
    }

    private mutating func ask(_ meta: PairingMeta) {
        asked[.inviter] = meta
        switch typing {
        case .shown: type(shown?.text ?? "")
        case .text(let text): type(text)
        case .refuses: post(.inviter, .refused)
        case .nothing: break
        }
    }

    private mutating func type(_ digits: String) {
        approvals.insert(.inviter)
        post(.inviter, .typed(digits))
    }

    private mutating func show(_ code: ShortCode, of meta: PairingMeta) {
        shown = code
        asked[.joiner] = meta
        switch answer {
        case .yes:
            approvals.insert(.joiner)
            post(.joiner, .approved)
        case .no: post(.joiner, .refused)
        case .yesAfterInviter, .never: break
        }
    }

    private mutating func record(_ step: Step, _ pin: Pin?, _ side: Side, _ event: PairingEvent?) {
        pinHistory[side, default: []].append(step)
        pins[side] = step == .drop && pins[side] == .active ? .active : pin
        if let event { post(side, event) }
    }

    private mutating func finish(_ end: PairingEnd, _ side: Side) {
        ends[side] = end
        post(side == .inviter ? .joiner : .inviter, .disconnected)
    }

    private mutating func kill() {
        guard dead.isEmpty else { return }
        dead.formUnion(dies)
        if losesFlight { events.removeAll { if case .received = $0.1 { true } else { false } } }
        for side in [Side.inviter, .joiner] where !dead.contains(side) { post(side, .disconnected) }
    }
}
