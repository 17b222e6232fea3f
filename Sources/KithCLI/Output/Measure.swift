import FoundationEssentials
import Glibc

/// Numbers as people read them.
enum Measure {
    /// `812 B`, `1.4 MiB`.
    static func bytes(_ count: Int) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var (value, unit) = (Double(count), 0)
        while value >= 1023.95, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        return unit == 0 ? "\(count) B" : "\(tenths(value)) \(units[unit])"
    }

    /// `3.2 ms`, `45 s`, `2 h 5 min`, `3 d 4 h`: at most two units.
    static func duration(milliseconds: Double) -> String {
        if milliseconds < 1000 { return milliseconds < 10 ? "\(tenths(milliseconds)) ms" : "\(Int(milliseconds)) ms" }
        if milliseconds < 60_000 {
            return milliseconds < 10_000 ? "\(tenths(milliseconds / 1000)) s" : "\(Int(milliseconds / 1000)) s"
        }
        return duration(seconds: Int(milliseconds / 1000))
    }

    /// As ``duration(milliseconds:)``, of whole seconds.
    static func duration(seconds: Int) -> String {
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s"),
        ]
        let shown = parts.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
        return shown.isEmpty ? "0 s" : shown.map { "\($0) \($1)" }.joined(separator: " ")
    }

    /// `now`, `4 min ago`, `never`.
    static func age(of date: Date?, at now: Date) -> String {
        guard let date else { return "never" }
        let seconds = Int(now.timeIntervalSince(date))
        guard seconds >= 5 else { return "now" }
        let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
        let (size, name) = units.first { seconds >= $0.0 } ?? (1, "s")
        return "\(seconds / size) \(name) ago"
    }

    /// Today's times as `14:03:07`, all others as ``date(_:)``: by the clock and in the zone of this machine.
    ///
    /// The one form of a time in lists and lines; a list of what is so rather than of what happened says an age.
    static func moment(_ date: Date, at now: Date) -> String {
        let (parts, today) = (local(date), local(now))
        guard parts.tm_year == today.tm_year, parts.tm_yday == today.tm_yday else { return Self.date(date) }
        return "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(Int32(parts.tm_sec)))"
    }

    /// `2026-11-21 14:03 +01:00`, in the zone of this machine, which is said.
    static func date(_ date: Date) -> String {
        let parts = local(date)
        let day = "\(Int(parts.tm_year) + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        let minutes = Int32(clamping: abs(parts.tm_gmtoff) / 60)
        let zone = (parts.tm_gmtoff < 0 ? "-" : "+") + "\(two(minutes / 60)):\(two(minutes % 60))"
        return day + " \(two(parts.tm_hour)):\(two(parts.tm_min)) \(zone)"
    }

    /// `2026-11-21 14:03 +01:00 (3 d ago)`: all about one moment, where there is room for it.
    static func full(_ date: Date, at now: Date) -> String { "\(Self.date(date)) (\(age(of: date, at: now)))" }

    private static func local(_ date: Date) -> tm {
        var seconds = time_t(date.timeIntervalSince1970)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return parts
    }

    /// `1 file`, `3 files`.
    static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    private static func tenths(_ value: Double) -> String {
        let scaled = Int((value * 10).rounded())
        return "\(scaled / 10).\(scaled % 10)"
    }

    private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
