import FoundationEssentials
import Testing

@testable import KithCLI

/// The one form of a time. The zone is the machine's; transcripts set one of their own.
struct MomentTests {
    /// Noon in the zone of this machine.
    private let now: Date = {
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let hour = Int(Measure.date(time).dropFirst(11).prefix(2)) ?? 0
        return time.addingTimeInterval(Double(12 - hour) * 3_600)
    }()

    @Test func `today has a clock, any other day its date and the zone`() throws {
        #expect(Measure.moment(now, at: now).wholeMatch(of: /12:\d\d:\d\d/) != nil)
        #expect(Measure.moment(now.addingTimeInterval(-86_400), at: now) == Measure.date(now - 86_400))
        #expect(Measure.moment(now.addingTimeInterval(86_400), at: now) == Measure.date(now + 86_400))
        #expect(Measure.date(now).wholeMatch(of: /2027-01-\d\d 12:\d\d [+-]\d\d:\d\d/) != nil)
    }

    @Test func `all about a moment is its date and its age`() {
        #expect(Measure.full(now - 7_200, at: now) == Measure.date(now - 7_200) + " (2 h ago)")
    }
}
