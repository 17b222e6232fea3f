import FoundationEssentials
import KithAPI
import Testing

@testable import KithCLI

/// Times, paths, numbers and texts as people write and read them.
struct WordsTests {
    @Test(arguments: [
        ("60", 60.0), ("1.5", 1.5), ("500ms", 0.5), ("90s", 90), ("2m", 120), ("1h30m", 5400), ("2d", 172_800),
        ("0", 0),
    ])
    func `a span of time is read`(text: String, seconds: Double) {
        #expect(TimeSpan(argument: text)?.seconds == seconds)
    }

    @Test(arguments: ["", "s", "1y", "-1", "1h30", "60 s", "1..5", "1e3", "٣s", "99999999d", "nan", "inf"])
    func `what is not a span of time is refused`(text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }

    @Test(arguments: [
        ("a", "/home/ada/a"), ("./a/./b/", "/home/ada/a/b/"), ("/x//y", "/x/y"), (".", "/home/ada"),
        ("./", "/home/ada/"),
        ("/", "/"), ("../b", "/home/ada/../b"),
    ])
    func `a local path is made absolute`(path: String, absolute: String) {
        #expect(LocalPath.absolute(path, in: "/home/ada") == absolute)
    }

    @Test func `a destination that is a folder is put into`() {
        #expect(LocalPath.destination("/tmp", isForMany: false, in: "/") == "/tmp/")
        #expect(LocalPath.destination("/tmp/no-such-name", isForMany: false, in: "/") == "/tmp/no-such-name")
    }

    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1_048_575, "1.0 MiB"), (1_500_000, "1.4 MiB"),
        (5 << 40, "5.0 TiB"),
    ])
    func `bytes are read easily`(count: Int, text: String) {
        #expect(Measure.bytes(count) == text)
    }

    @Test(arguments: [
        (0.42, "0.4 ms"), (42, "42 ms"), (3_210, "3.2 s"), (59_000, "59 s"), (7_500_000, "2 h 5 min"),
        (86_400_000, "1 d"),
    ])
    func `durations are read easily`(milliseconds: Double, text: String) {
        #expect(Measure.duration(milliseconds: milliseconds) == text)
    }

    @Test(arguments: [
        ("plain ä 日本", "plain ä 日本"), ("\u{1b}[2Jx", "\\x1b[2Jx"), ("a\nb\tc", "a\\x0ab\\x09c"),
        ("\u{9b}31m", "\\x9b31m"),
        ("gpj\u{202e}exe", "gpj\\u{202e}exe"), ("a\u{200b}b", "a\\u{200b}b"), ("\u{7f}", "\\x7f"),
    ])
    func `what could drive a terminal is made visible`(text: String, shown: String) {
        #expect(text.escaped == shown)
    }

    @Test func `values of several lines keep their lines`() {
        #expect("a\n\tb\u{1b}\r".escapedLines == "a\n\tb\\x1b\\x0d")
    }

    @Test func `a failure says what happened and what to do`() {
        let error = KithError(.peerOffline, "studio is \u{1b}offline.", hint: "Wake it.")

        #expect(Failure(error).text == "kith: studio is \\x1boffline.\n  Wake it.")
    }
}
