import KithAPI
import Synchronization

/// The cards that were read lately, so that each question need not ask the database who an agent is. Any change
/// empties it; a card that was read before a change is not put on it afterwards.
final class CardShelf: Sendable {
    /// How many cards lie on it.
    private static let maximum = 256

    private struct State {
        var cards: [String: AgentCard] = [:]
        var changes = 0
    }

    private let state = Mutex(State())

    /// The card of an agent (of the default one for an empty name), and how many changes there were so far.
    func card(_ name: String) -> (card: AgentCard?, changes: Int) { state.withLock { ($0.cards[name], $0.changes) } }

    /// Puts a card on the shelf, unless something was changed since.
    func put(_ card: AgentCard, as name: String, since changes: Int) {
        state.withLock { state in
            guard state.changes == changes else { return }
            if state.cards.count >= Self.maximum { state.cards = [:] }
            state.cards[name] = card
        }
    }

    /// That a card was changed, or is about to be.
    func clear() {
        state.withLock { state in
            state.cards = [:]
            state.changes += 1
        }
    }
}
