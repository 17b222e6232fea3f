import FoundationEssentials

/// A time as the database keeps it: whole milliseconds since 1970.
struct Moment: Equatable, Sendable {
    let milliseconds: Int64

    init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The nearest millisecond, so that a moment comes back from its date unchanged.
    init(_ date: Date) { milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded()) }

    var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// The seconds from `moment` to this one.
    func seconds(after moment: Moment) -> Double { Double(milliseconds - moment.milliseconds) / 1000 }

    func adding(seconds: Int) -> Moment { Moment(milliseconds: milliseconds + Int64(seconds) * 1000) }
}
