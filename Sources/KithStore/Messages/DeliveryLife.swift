import KithAPI

/// The life of one delivery: which state may follow which, and who must hear of it. Pure.
///
/// `accepted → stored → surfaced → acked`, or instead of the next step `held`, `refused`, `expired` or `dead`.
/// The last four words and `acked` are final, but for `held`. A state never goes back, so that receipts may come
/// late, twice or out of order.
struct DeliveryLife: Equatable {
    /// What a change asks for.
    enum Action: Equatable {
        /// The new state must be written down.
        case write
        /// It leaves its box: nobody waits for it any more.
        case leaveBox
        /// It was read: it counts as new no longer.
        case growOld
        /// The sender's agent must be told in words that there will be no answer.
        case notify
    }

    private(set) var state: DeliveryState
    private let wish: AckWish

    init(_ state: DeliveryState, wish: AckWish) {
        self.state = state
        self.wish = wish
    }

    /// Whether nothing can follow.
    var isOver: Bool { Self.following[state, default: []].isEmpty }

    /// Moves on to `next`; nothing happens if it cannot follow.
    mutating func receive(_ next: DeliveryState) -> [Action] {
        guard Self.following[state, default: []].contains(next) else { return [] }
        state = next
        var actions: [Action] = [.write]
        if next == .surfaced { actions.append(wish == .none ? .leaveBox : .growOld) }
        if isOver { actions.append(.leaveBox) }
        if [.refused, .dead].contains(next) || (next == .expired && wish != .none) { actions.append(.notify) }
        return actions
    }

    private static let following: [DeliveryState: Set<DeliveryState>] = [
        .accepted: [.stored, .surfaced, .acked, .held, .refused, .expired, .dead],
        .held: [.stored, .surfaced, .acked, .refused, .expired, .dead],
        .stored: [.surfaced, .acked, .expired, .dead],
        .surfaced: [.acked, .expired, .dead],
    ]
}
