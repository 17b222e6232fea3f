import KithAPI
import Testing

@testable import KithStore

struct DeliveryLifeTests {
    private static let ranks: [DeliveryState: Int] = [
        .accepted: 0, .held: 1, .stored: 2, .surfaced: 3, .acked: 4, .refused: 4, .expired: 4, .dead: 4,
    ]

    @Test(arguments: DeliveryState.allCases, DeliveryState.allCases)
    func `a state never goes back, and a final one never changes`(from: DeliveryState, next: DeliveryState) {
        var life = DeliveryLife(from, wish: .want)

        let actions = life.receive(next)

        let mayMove = Self.ranks[from, default: 9] < Self.ranks[next, default: 0]
        #expect(actions.isEmpty || mayMove)
        #expect(life.state == (actions.isEmpty ? from : next))
    }

    @Test func `reading ends what asks for no acknowledgement, and makes old what does`() {
        var quiet = DeliveryLife(.stored, wish: .none)
        var wanted = DeliveryLife(.stored, wish: .want)

        let said1 = quiet.receive(.surfaced)
        #expect(said1 == [.write, .leaveBox])
        let said2 = wanted.receive(.surfaced)
        #expect(said2 == [.write, .growOld])
    }

    @Test func `the sender is told in words where there will be no answer`() {
        for state in [DeliveryState.refused, .dead] {
            var life = DeliveryLife(.accepted, wish: .none)
            let said3 = life.receive(state)
            #expect(said3 == [.write, .leaveBox, .notify])
        }
        var expired = DeliveryLife(.surfaced, wish: .need)
        let said4 = expired.receive(.expired)
        #expect(said4 == [.write, .leaveBox, .notify])
    }

    @Test func `receipts may come late, twice and out of order`() {
        var life = DeliveryLife(.accepted, wish: .want)

        let moved = [DeliveryState.surfaced, .stored, .surfaced, .acked, .stored, .expired].map {
            !life.receive($0).isEmpty
        }

        #expect(moved == [true, false, false, true, false, false])
        #expect(life.state == .acked)
    }
}
