import Glibc
import KithAPI

/// The terminal of this process, taken over: every key comes as it is typed, until ``restore()``.
struct RawTerminal: Sendable {
    private let settings: termios

    /// Takes the terminal over; nil where standard input or output is none.
    init?() {
        guard Descriptor.standardInput.isTerminal, Descriptor.standardOutput.isTerminal else { return nil }
        var settings = termios()
        guard tcgetattr(Descriptor.standardInput.rawValue, &settings) == 0 else { return nil }
        self.settings = settings
        takeAgain()
    }

    /// Takes it over once more, after whoever stopped this process had it.
    func takeAgain() {
        var settings = settings
        cfmakeraw(&settings)
        tcsetattr(Descriptor.standardInput.rawValue, TCSADRAIN, &settings)
    }

    /// Gives it back as it was.
    func restore() {
        var settings = settings
        tcsetattr(Descriptor.standardInput.rawValue, TCSADRAIN, &settings)
    }

    /// The size of its window; 80×24 where it does not say.
    static var size: TerminalSize {
        var size = winsize()
        guard ioctl(Descriptor.standardOutput.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return TerminalSize(columns: 80, rows: 24) }
        return TerminalSize(columns: min(1000, Int(size.ws_col)), rows: min(1000, Int(size.ws_row)))
    }

    /// The failure of a command that needs a terminal and has none.
    static func missing(_ hint: String) -> KithError {
        KithError(.requestInvalid, "Standard input and output are not a terminal.", hint: hint)
    }
}

/// What brings a terminal back that a program in it may have left in any state.
enum TerminalReset {
    /// Moves what stands on the screen out of the way, and puts the title aside.
    static func before(_ size: TerminalSize) -> [UInt8] {
        Array(("\u{1b}[22;0t\u{1b}[\(size.rows);1H" + String(repeating: "\n", count: size.rows)).utf8)
    }

    /// The main screen, every mode as it is at first, and the cursor on a line of its own at the bottom.
    static func after(_ size: TerminalSize) -> [UInt8] {
        let text =
            "\u{1b}[?1049l\u{1b}[!p\u{1b}[?1;5;9;45;66;69;1000;1002;1003;1004;1005;1006;1007;1015;1016;2004;2031;2048l"
            + "\u{1b}[?7;25h\u{1b}[4l\u{1b}[20l\u{1b}[>4m\u{1b}[<16u\u{1b}[0 q\u{1b}[r\u{1b}[m\u{1b}(B\u{0f}"
            + "\u{1b}[23;0t\u{1b}[\(size.rows);1H\r\n"
        return Array(text.utf8)
    }

    /// A line of ours over the last one of the screen; the cursor stays.
    static func note(_ text: String, _ size: TerminalSize) -> [UInt8] {
        Array("\u{1b}7\u{1b}[\(size.rows);1H\u{1b}[0;7m\(text.prefix(size.columns - 1))\u{1b}[m\u{1b}[K\u{1b}8".utf8)
    }
}
