import Testing

@testable import KithWorkers

struct RestartPausesTests {
    @Test func `each end in a row doubles the pause, up to a minute`() {
        var pauses = RestartPauses()
        let seconds = (0..<9).map { _ in pauses.ended(after: .zero, jitter: 0.5) / .seconds(1) }
        #expect(seconds == [0.5, 1, 2, 4, 8, 16, 32, 60, 60])
    }

    @Test func `whoever ran for a minute begins anew`() {
        var pauses = RestartPauses()
        for _ in 0..<9 { _ = pauses.ended(after: .zero, jitter: 0) }
        #expect(pauses.ended(after: .seconds(60), jitter: 0.5) == .milliseconds(500))
    }

    @Test func `chance spreads the pauses by a quarter`() {
        var (early, late) = (RestartPauses(), RestartPauses())
        #expect(early.ended(after: .zero, jitter: 0) == .milliseconds(375))
        #expect(late.ended(after: .zero, jitter: 1) == .milliseconds(625))
    }
}
