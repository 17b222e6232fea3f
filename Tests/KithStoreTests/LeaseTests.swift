import KithAPI
import Testing

@testable import KithStore

struct LeaseTests {
    private let start = ContinuousClock.now
    private let task = TaskID.example

    @Test func `a lease is over after its time and the grace, not before`() {
        var clock = LeaseClock()
        let said1 = clock.receive(.granted(task, token: 1, seconds: 90), now: start)
        #expect(said1 == [])

        let said2 = clock.receive(.tick, now: start + .seconds(94))
        #expect(said2 == [])
        let said3 = clock.receive(.tick, now: start + .seconds(95))
        #expect(said3 == [.lapse(task, token: 1)])
        #expect(clock.wakeAt == nil)
    }

    @Test func `a renewal of an older claim does not touch a later one`() {
        var clock = LeaseClock()
        _ = clock.receive(.granted(task, token: 2, seconds: 10), now: start)

        _ = clock.receive(.granted(task, token: 1, seconds: 1_000), now: start)

        #expect(clock.wakeAt == start + .seconds(15))
    }

    @Test func `a lapse that could not be written is tried again, unless somebody has claimed meanwhile`() {
        var clock = LeaseClock()
        _ = clock.receive(.granted(task, token: 1, seconds: 10), now: start)
        let over = start + .seconds(15)
        _ = clock.receive(.tick, now: over)

        _ = clock.receive(.unwritten(task, token: 1), now: over)
        let again = clock.receive(.tick, now: over + LeaseClock.grace)
        #expect(again == [.lapse(task, token: 1)])

        _ = clock.receive(.granted(task, token: 2, seconds: 10), now: over)
        _ = clock.receive(.unwritten(task, token: 1), now: over)
        #expect(clock.wakeAt == over + .seconds(15))
    }

    @Test func `the holder gives up before the home does`() {
        var home = LeaseClock()
        var holder = HeldLeases()
        _ = holder.receive(.granted(task, token: 1, seconds: 90, askedAt: start), now: start)
        _ = home.receive(.granted(task, token: 1, seconds: 90), now: start + .milliseconds(1))

        let said4 = holder.receive(.tick, now: start + .seconds(90))
        #expect(said4 == [.lost(task)])
        let said5 = home.receive(.tick, now: start + .seconds(90))
        #expect(said5 == [])
    }

    @Test func `twenty silent minutes keep the lease, because the daemon renews it`() {
        var home = LeaseClock()
        var holder = HeldLeases()
        _ = home.receive(.granted(task, token: 1, seconds: 90), now: start)
        _ = holder.receive(.granted(task, token: 1, seconds: 90, askedAt: start), now: start)
        var renewals = 0
        for second in 1...1_200 {
            let now = start + .seconds(second)
            let said6 = home.receive(.tick, now: now)
            #expect(said6 == [])
            for action in holder.receive(.tick, now: now) {
                #expect(action == .renew(task, token: 1))
                renewals += 1
                _ = home.receive(.granted(task, token: 1, seconds: 90), now: now)
                _ = holder.receive(.granted(task, token: 1, seconds: 90, askedAt: now), now: now)
            }
        }
        #expect(renewals == 40)
    }

    @Test func `a home that does not answer is asked again soon, until the time is over`() {
        var holder = HeldLeases()
        _ = holder.receive(.granted(task, token: 1, seconds: 90, askedAt: start), now: start)
        let said7 = holder.receive(.tick, now: start + .seconds(30))
        #expect(said7 == [.renew(task, token: 1)])
        let said8 = holder.receive(.tick, now: start + .seconds(31))
        #expect(said8 == [])

        _ = holder.receive(.unreached(task), now: start + .seconds(32))

        #expect(holder.wakeAt == start + .seconds(41))
        let said9 = holder.receive(.tick, now: start + .seconds(41))
        #expect(said9 == [.renew(task, token: 1)])
    }

    @Test func `a fence lets no lower token through than the highest it has seen`() {
        var fence = TaskFence(highest: 3)
        let said10 = fence.admits(2)
        #expect(!said10)
        let said11 = fence.admits(3)
        #expect(said11)
        let said12 = fence.admits(5)
        #expect(said12)
        let said13 = fence.admits(4)
        #expect(!said13)
    }
}
